package org.relayfs.trigger;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.EventLog;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;

/// A program to which something happens, as its first argument says; the second one is the folder for snapshots.
final class TriggerProgram {
    // What fills the heap stays in it.
    private static final List<byte[]> KEPT = new ArrayList<>(1 << 20);

    private TriggerProgram() {}

    // The relay is not closed: who ends by an exception leaves its memory.
    public static void main(String[] arguments) throws Exception {
        Relay relay = Relay.create();
        System.out.println("folder " + relay.folder());
        ChannelConfig config = ChannelConfig.of(4096, 8).withEvents(true).withMode(ChannelMode.OVERWRITE);
        RelayChannel channel = relay.open("app", config);
        EventLog step = channel.events()
                .register(EventType.named("step").field("number", FieldKind.I64).build());
        SnapshotTriggersBuilder triggers = SnapshotTriggers.of(channel, Path.of(arguments[1]));
        step.log(1);
        switch (arguments[0]) {
            case "signal" -> signal(relay, triggers);
            case "exception" -> exception(triggers);
            case "silent" -> fail(triggers.onUncaughtException().start());
            case "memory" -> memory(triggers);
            default -> events(relay, channel, triggers);
        }
    }

    private static void signal(Relay relay, SnapshotTriggersBuilder wishes) throws Exception {
        try (relay;
                SnapshotTriggers triggers = wishes.onSignal("USR2")
                        .onSignal("VTALRM")
                        .atMost(2)
                        .apart(Duration.ZERO)
                        .start()) {
            System.out.println("ready");
            for (int i = 0; i < 3; i++) {
                int signal = System.in.read();
                while (triggers.taken() + triggers.refused() < i + 1) {
                    Thread.sleep(1);
                }
                System.out.println("taken " + triggers.taken() + " refused " + triggers.refused() + " failed "
                        + triggers.failed() + " signal " + signal);
            }
        }
        System.out.println("threads "
                + Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("relayfs-snapshots"))
                        .count());
        // The next signal does what it does to a program without a handler.
        int end = System.in.read();
        System.out.println("end " + end);
    }

    private static void exception(SnapshotTriggersBuilder wishes) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            System.out.println("earlier handler: " + thread.getName() + " " + thrown.getMessage());
            System.out.flush();
            Runtime.getRuntime().halt(7);
        });
        fail(wishes.onUncaughtException().start());
    }

    private static void fail(SnapshotTriggers triggers) {
        throw new IllegalStateException("taken " + triggers.taken());
    }

    private static void memory(SnapshotTriggersBuilder wishes) throws Exception {
        SnapshotTriggers ignored = wishes.onOutOfMemoryError().start();
        Thread other = new Thread(() -> {
            throw new IllegalStateException("not for want of memory");
        });
        other.start();
        other.join();
        int size = 1 << 20;
        while (true) {
            try {
                KEPT.add(new byte[size]);
            } catch (OutOfMemoryError e) {
                if (size == 16) {
                    throw e;
                }
                size /= 2;
            }
        }
    }

    private static void events(Relay relay, RelayChannel channel, SnapshotTriggersBuilder wishes) throws Exception {
        EventLog fine = channel.events()
                .register(EventType.named("fine").field("n", FieldKind.I64).build());
        try (relay;
                SnapshotTriggers triggers = wishes.onEvent("chosen")
                        .onLevel(Level.ERROR)
                        .apart(Duration.ofHours(1))
                        .start()) {
            System.out.println("ready");
            int request = System.in.read();
            while (request >= 0) {
                switch (request) {
                    case 'f' -> fine.log(2);
                    case 'c' -> registered(channel, "chosen", Level.DEBUG).log(3);
                    case 'e' -> registered(channel, "failed", Level.ERROR).log(4);
                    default -> System.out.println("taken " + triggers.taken() + " refused " + (triggers.refused() > 0));
                }
                request = System.in.read();
            }
        }
    }

    private static EventLog registered(RelayChannel channel, String name, Level level) throws Exception {
        return channel.events()
                .register(EventType.named(name)
                        .level(level)
                        .field("n", FieldKind.I64)
                        .build());
    }
}
