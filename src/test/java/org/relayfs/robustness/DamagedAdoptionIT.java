package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.Adoption;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Events;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.Reservation;
import org.relayfs.event.EventType;
import org.relayfs.event.Level;
import org.relayfs.layout.TypesFile;
import org.relayfs.testing.DeadOwner;
import org.relayfs.testing.Text;

/// What a dead owner has left was changed by somebody hostile, in any way, before another process takes it over:
/// it is taken over or left with a reason, each within a moment, whatever is done with it afterwards fails or
/// ends, and the channel beside it is exact.
///
/// `-Drelayfs.memory.mutations=10000` for the long run, `-Drelayfs.fuzz.seed=N` to repeat one.
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedAdoptionIT {
    private static final int MUTATIONS = Integer.getInteger("relayfs.memory.mutations", 80);
    private static final long SEED = Long.getLong("relayfs.fuzz.seed", System.nanoTime() & 0xffffff);
    private static final long MOST_NS = 1_000_000_000;
    private static final int SUB_BUFFERS = 4;
    private static final List<EventType> TYPES = List.of(
            EventType.named("none").build(),
            EventType.named("detail").level(Level.DEBUG).build());
    private static final String BESIDE = "what stands beside it";
    private static final long[] VALUES = {0, 1, -1, 7, 1L << 20, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};

    private static DeadOwner leave(SplittableRandom random) throws IOException {
        try (Relay relay = Relay.create()) {
            ChannelConfig config = ChannelConfig.of(256, SUB_BUFFERS)
                    .withGlobal(true)
                    .withMode(random.nextBoolean() ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE)
                    .withPaddingHeader(4 * random.nextInt(3));
            RelayChannel channel = relay.open("victim", config);
            Reservation unfinished = channel.newReservation();
            for (int i = random.nextInt(60); i > 0; i--) {
                channel.write(new byte[random.nextInt(100)]);
                if (i == 9) {
                    channel.reserve(unfinished, 9);
                }
                if (i == 20) {
                    channel.resize(random.nextInt(200, 300), SUB_BUFFERS);
                }
            }
            relay.open("beside", ChannelConfig.of(64, 4).withGlobal(true)).write(bytes(BESIDE));
            return DeadOwner.copyOf(relay.folder());
        }
    }

    private static String mutate(Path victim, SplittableRandom random) throws IOException {
        List<Path> files = new ArrayList<>(List.of(victim.resolve("meta"), victim.resolve("cpu0")));
        Path next = victim.resolve("1");
        if (Files.exists(next)) {
            files.addAll(List.of(next.resolve("meta"), next.resolve("cpu0")));
        }
        Path file = files.get(random.nextInt(files.size()));
        Path folder = random.nextBoolean() && Files.exists(next) ? next : victim;
        switch (random.nextInt(12)) {
            case 0 -> {
                long length = random.nextLong(Files.size(file) + 1);
                try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                    open.setLength(length);
                }
                return file.getFileName() + " has " + length + " bytes";
            }
            case 1 -> {
                Files.delete(file);
                return "without " + file.getFileName();
            }
            case 2 -> {
                Files.write(victim.resolve(random.nextBoolean() ? "settings" : "view"), new byte[] {1, 2, 3});
                return "settings";
            }
            case 3, 4 -> {
                int offset = 8 * random.nextInt(12);
                long value = VALUES[random.nextInt(VALUES.length)];
                DeadOwner.put(folder.resolve("meta"), offset, value);
                return "header word at %d: %x".formatted(offset, value);
            }
            default -> {
                return DamagedMemory.of(folder, SUB_BUFFERS).mutate(random);
            }
        }
    }

    /// Whatever a program does with it.
    private static void use(RelayChannel channel, SplittableRandom random) throws IOException {
        for (int i = 0; i < 20; i++) {
            channel.write(new byte[random.nextInt(100)]);
            for (ChannelBuffer buffer : channel.buffers()) {
                try {
                    Text.read(buffer, random.nextInt(1, 400));
                    buffer.hasData();
                } catch (DamagedBufferException e) {
                    // It says so.
                }
            }
        }
        channel.flush();
        channel.stats();
        channel.dropped();
        try {
            channel.resize(128, SUB_BUFFERS);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("damaged");
        }
    }

    @Test
    void itIsTakenOverOrLeftWhateverStandsThere() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        int left = 0;
        for (int step = 0; step < MUTATIONS; step++) {
            try (DeadOwner dead = leave(random)) {
                List<String> done = new ArrayList<>();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    done.add(mutateIfThere(dead, random));
                }
                String what = "seed " + SEED + ", step " + step + ", " + done;
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                try (Relay relay = Relay.create()) {
                    Adoption adoption = relay.adopt(dead.folder());
                    left += adoption.left().size();
                    if (relay.channel("victim").isPresent()) {
                        use(relay.channel("victim").get(), random);
                    }
                    RelayChannel beside = relay.channel("beside").orElseThrow(() -> new AssertionError(what));
                    assertThat(Text.read(beside.buffers().getFirst())).as(what).isEqualTo(BESIDE);
                } catch (RuntimeException e) {
                    throw new AssertionError(what, e);
                }
                assertThat(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before)
                        .as("%s: CPU ns", what)
                        .isLessThan(MOST_NS);
            }
        }
        assertThat(left).as("mutations that were noticed").isGreaterThan(MUTATIONS / 20);
    }

    /// The same with the file `types` of a channel of events. Each copy has 12 MB of it.
    @Test
    void aChannelOfEventsIsTakenOverOrLeft() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        int left = 0;
        for (int step = 0; step < MUTATIONS / 2; step++) {
            try (DeadOwner dead = leaveEvents()) {
                String what = "seed " + SEED + ", step " + step + ", " + mutateTypes(dead, random) + ", "
                        + mutateTypes(dead, random);
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                try (Relay relay = Relay.create()) {
                    left += relay.adopt(dead.folder()).left().size();
                    if (relay.channel("victim").isPresent()) {
                        log(relay.channel("victim").get());
                    }
                    RelayChannel beside = relay.channel("beside").orElseThrow(() -> new AssertionError(what));
                    assertThat(Text.read(beside.buffers().getFirst())).as(what).isEqualTo(BESIDE);
                } catch (RuntimeException e) {
                    throw new AssertionError(what, e);
                }
                assertThat(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before)
                        .as("%s: CPU ns", what)
                        .isLessThan(MOST_NS);
            }
        }
        assertThat(left).as("mutations that were noticed").isGreaterThan(MUTATIONS / 20);
    }

    private static DeadOwner leaveEvents() throws IOException {
        try (Relay relay = Relay.create()) {
            ChannelConfig config = ChannelConfig.of(4096, SUB_BUFFERS).withGlobal(true);
            Events events = relay.open("victim", config.withEvents(true)).events();
            for (EventType type : TYPES) {
                events.register(type).begin().commit();
            }
            relay.open("beside", config).write(bytes(BESIDE));
            return DeadOwner.copyOf(relay.folder());
        }
    }

    private static String mutateTypes(DeadOwner dead, SplittableRandom random) throws IOException {
        Path types = dead.channel("victim").resolve("types");
        int offset = switch (random.nextInt(4)) {
            case 0 -> 8 * random.nextInt(3);
            case 1 -> TypesFile.SWITCHES_OFFSET + 8 * random.nextInt(20);
            case 2 -> TypesFile.COUNTS_OFFSET + TypesFile.ROW_SIZE * 64 + 8 * random.nextInt(20);
            default -> TypesFile.LOG_OFFSET + 8 * random.nextInt(30);
        };
        long value = random.nextBoolean() ? VALUES[random.nextInt(VALUES.length)] : random.nextLong();
        DeadOwner.put(types, offset, value);
        return "types at %d: %x".formatted(offset, value);
    }

    private static void log(RelayChannel channel) throws IOException {
        Events events = channel.events();
        events.threads();
        events.metadata();
        for (EventType type : TYPES) {
            try {
                events.register(type).begin().commit();
            } catch (IllegalArgumentException | IOException e) {
                // Another type has the name now, or there is no room.
            }
        }
        channel.write(bytes("text"));
        events.counts();
        events.setLevel(Level.WARN);
        Text.read(channel.buffers().getFirst());
    }

    private static String mutateIfThere(DeadOwner dead, SplittableRandom random) throws IOException {
        try {
            return mutate(dead.channel("victim"), random);
        } catch (IOException e) {
            return "nothing"; // the file is gone by now, or too short
        }
    }
}
