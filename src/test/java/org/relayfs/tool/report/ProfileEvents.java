package org.relayfs.tool.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.AttachedChannel;
import org.relayfs.EventLog;
import org.relayfs.Events;
import org.relayfs.event.EventType;
import org.relayfs.event.EventTypeBuilder;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;

/// Events of five types, each of which can be told from its writer and number alone; and the process that logs them.
final class ProfileEvents {
    static final int TYPES = 5;
    static final int THREADS = 2;
    private static final String[] NAMES = {"longs", "line", "decimals", "choices", "octets"};
    private static final List<Level> LEVELS = List.of(Level.values());
    private static final long PAUSE_NS = 1_000_000;

    private final EventLog[] logs = new EventLog[TYPES];

    private ProfileEvents(Events events) throws IOException {
        logs[0] = events.register(type(0).build());
        logs[1] = events.register(type(1).field("text", FieldKind.STRING).build());
        logs[2] = events.register(type(2).field("ratio", FieldKind.F64)
                .field("half", FieldKind.F32)
                .field("flag", FieldKind.BOOLEAN)
                .build());
        logs[3] = events.register(type(3).choice("level", Level.class)
                .field("low", FieldKind.I8)
                .field("high", FieldKind.U32)
                .build());
        logs[4] = events.register(type(4).field("data", FieldKind.BYTES).build());
    }

    private static EventTypeBuilder type(int index) {
        return EventType.named(NAMES[index]).field("writer", FieldKind.I64).field("n", FieldKind.I64);
    }

    static String name(int n) {
        return NAMES[n % TYPES];
    }

    /// @return false if it was refused
    private boolean log(int writer, int n) {
        EventLog log = logs[n % TYPES];
        return switch (n % TYPES) {
                    case 0 -> log.log(writer, n);
                    case 1 -> log.begin().put(writer).put(n).put("line " + n).commit();
                    case 2 ->
                        log.begin()
                                .put(writer)
                                .put(n)
                                .put(n % 1000 / 4.0)
                                .put(n % 100 / 2.0f)
                                .put(n % 2 == 0)
                                .commit();
                    case 3 ->
                        log.begin()
                                .put(writer)
                                .put(n)
                                .put(level(n))
                                .put(-(n % 128))
                                .put(0xFFFF_FFFFL - n)
                                .commit();
                    default -> log.begin().put(writer).put(n).put(data(n)).commit();
                }
                >= 0;
    }

    private static Level level(int n) {
        return LEVELS.get(n % LEVELS.size());
    }

    private static byte[] data(int n) {
        byte[] data = new byte[n % 4];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (n >> (8 * i));
        }
        return data;
    }

    /// {@return the fields as babeltrace2 prints them without names}
    static String payload(int writer, int n) {
        String start = writer + ", " + n;
        return switch (n % TYPES) {
            case 0 -> start;
            case 1 -> start + ", \"line " + n + '"';
            case 2 ->
                start + ", " + decimal(n % 1000 / 4.0) + ", " + decimal(n % 100 / 2.0) + ", "
                        + (n % 2 == 0 ? "( \"true\" : container = 1 )" : "( \"false\" : container = 0 )");
            case 3 ->
                start + ", ( \"" + level(n) + "\" : container = " + n % LEVELS.size() + " ), " + -(n % 128) + ", "
                        + (0xFFFF_FFFFL - n);
            default -> start + ", " + listed(data(n));
        };
    }

    private static String decimal(double value) {
        String text = Double.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String listed(byte[] data) {
        StringBuilder text = new StringBuilder().append(data.length).append(", [");
        for (int i = 0; i < data.length; i++) {
            text.append(i == 0 ? " " : ", ").append(data[i] & 0xFF);
        }
        return text.append(" ]").toString();
    }

    /// Logs with two threads into each channel that it is told of; leaves which numbers were accepted in files.
    static final class Writer {
        private Writer() {}

        /// Reads from standard input lines of the channel's folder and how many each thread logs.
        ///
        /// @param args the number of its first thread, and the folder of the files
        public static void main(String[] args) throws Exception {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ");
                AtomicReference<Throwable> failure = new AtomicReference<>();
                List<Thread> threads = new ArrayList<>();
                try (AttachedChannel channel = AttachedChannel.attach(Path.of(words[0]))) {
                    for (int i = 0; i < THREADS; i++) {
                        int writer = Integer.parseInt(args[0]) + i;
                        threads.add(Thread.ofPlatform()
                                .uncaughtExceptionHandler((thread, e) -> failure.set(e))
                                .start(() -> logAll(channel, writer, Integer.parseInt(words[1]), Path.of(args[1]))));
                    }
                    for (Thread thread : threads) {
                        thread.join();
                    }
                }
                if (failure.get() != null) {
                    throw new IllegalStateException(failure.get());
                }
                System.out.println("logged");
            }
        }

        private static void logAll(AttachedChannel channel, int writer, int count, Path folder) {
            BitSet accepted = new BitSet();
            try {
                ProfileEvents events = new ProfileEvents(channel.events());
                for (int n = 0; n < count; n++) {
                    if (events.log(writer, n)) {
                        accepted.set(n);
                    } else {
                        // One is lost; the reader shall have a chance to take the others.
                        LockSupport.parkNanos(PAUSE_NS);
                    }
                }
                Files.write(folder.resolve("accepted" + writer), accepted.toByteArray());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
