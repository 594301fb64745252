package org.relayfs.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.linux.FutexCalls;
import org.relayfs.reader.ChannelObserver;

/// Measures how soon an observer in another process wakes: from just before a record and the flush that delivers it
/// to the return of `await`. Beside it, by turns, a bare futex: from just before the store of its word to the return of
/// the wait. The other
/// process is on the last CPU; `src/bench/run wakeup` starts this one on the first.
///
/// Arguments: `rounds=N`, of each kind; `sleep_us=N`, how long the other process has slept when it is woken: the
/// longer,
/// the deeper its processor sleeps, too.
public final class WakeUp {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long STAMP = 128;
    private static final long TURN = 256;
    private static final long WOKEN = 384;
    private static final int WARM_UP = 3_000;
    private static final int PATIENCE_S = 10;

    private final MemorySegment shared;
    private final int rounds;
    private final long sleepNs;

    private WakeUp(Path file, int rounds, int sleepUs) throws Exception {
        this.rounds = rounds;
        this.sleepNs = TimeUnit.MICROSECONDS.toNanos(sleepUs);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            this.shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096, Arena.global());
        }
    }

    /// Measures and prints a table in Markdown.
    ///
    /// @param args `rounds=N`, `sleep_us=N`; of the other process: the file, the channel's folder, rounds
    /// @throws Exception it cannot be measured
    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            new WakeUp(Path.of(args[0]), Integer.parseInt(args[2]), 0).sleep(Path.of(args[1]));
            return;
        }
        int rounds = 20_000;
        int sleepUs = 1_000;
        for (String arg : args) {
            int value = Integer.parseInt(arg.substring(arg.indexOf('=') + 1));
            rounds = arg.startsWith("rounds=") ? value : rounds;
            sleepUs = arg.startsWith("sleep_us=") ? value : sleepUs;
        }
        try (Relay relay = Relay.create()) {
            Path file = relay.folder().resolve("wake-up");
            RelayChannel channel = relay.open(
                    "wakeup", ChannelConfig.of(4096, 8).withGlobal(true).withMode(ChannelMode.OVERWRITE));
            new WakeUp(file, rounds, sleepUs).measure(channel, file);
            Files.delete(file);
        }
    }

    private void measure(RelayChannel channel, Path file) throws Exception {
        List<String> command = List.of(
                "taskset",
                "-c",
                Integer.toString(Runtime.getRuntime().availableProcessors() - 1 + cpusBefore()),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WakeUp.class.getName(),
                file.toString(),
                channel.folder().toString(),
                Integer.toString(rounds));
        Process other = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] record = new byte[64];
        long[] futex = new long[rounds];
        long[] relayfs = new long[rounds];
        for (int turn = 0; turn < 2 * (WARM_UP + rounds); turn++) {
            awaitTurn(turn, other);
            // It has said that it is going to sleep: now it does.
            pause();
            long before = System.nanoTime();
            LONG.setOpaque(shared, STAMP, before);
            if (turn % 2 == 0) {
                INT.getAndAdd(shared, 0L, 1);
                FutexCalls.wakeAll(shared);
            } else {
                channel.write(record);
                channel.flush();
            }
            awaitTurn(turn + 1, other);
            if (turn / 2 >= WARM_UP) {
                (turn % 2 == 0 ? futex : relayfs)[turn / 2 - WARM_UP] = (long) LONG.getAcquire(shared, WOKEN) - before;
            }
        }
        other.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        print(futex, relayfs);
    }

    // A short one by the clock, so that it is not longer.
    private void pause() {
        if (sleepNs > 500_000) {
            LockSupport.parkNanos(sleepNs);
            return;
        }
        long end = System.nanoTime() + sleepNs;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    // Pinned to one CPU this process sees one.
    private static int cpusBefore() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            long all = lines.filter(line -> line.startsWith("processor")).count();
            return (int) all - Runtime.getRuntime().availableProcessors();
        }
    }

    private void awaitTurn(int turn, Process other) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while ((long) LONG.getAcquire(shared, TURN) < turn + 1) {
            if (System.nanoTime() - end > 0 || !other.isAlive()) {
                throw new IllegalStateException("the other process does not answer");
            }
            Thread.onSpinWait();
        }
    }

    private void sleep(Path folder) throws Exception {
        try (ChannelObserver observer = ChannelObserver.open(folder, ChannelObserver.Start.NOW)) {
            MemorySegment bytes = Arena.ofAuto().allocate(4096);
            for (int turn = 0; turn < 2 * (WARM_UP + rounds); turn++) {
                int word = (int) INT.getVolatile(shared, 0L);
                LONG.setRelease(shared, TURN, turn + 1L);
                if (turn % 2 == 0) {
                    while ((int) INT.getVolatile(shared, 0L) == word) {
                        FutexCalls.await(shared, word, 1000);
                    }
                } else {
                    observer.await(1, TimeUnit.SECONDS);
                }
                LONG.setRelease(shared, WOKEN, System.nanoTime());
                observer.buffers().getFirst().read(bytes, 0, 4096);
            }
            LONG.setRelease(shared, TURN, Long.MAX_VALUE);
        }
    }

    private static void print(long[] futex, long[] relayfs) {
        System.out.println("\n**Wake-up of another process, on another CPU: µs**\n");
        System.out.println("| | p50 | p90 | p99 |\n|---|---|---|---|");
        for (long[] times : List.of(futex, relayfs)) {
            Arrays.sort(times);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f |%n",
                    times == futex ? "a bare futex" : "an observer",
                    times[times.length / 2] / 1e3,
                    times[times.length * 9 / 10] / 1e3,
                    times[times.length * 99 / 100] / 1e3);
        }
        System.out.printf(
                Locale.ROOT,
                "%nobserver / futex, medians: %.2f%n",
                (double) relayfs[relayfs.length / 2] / futex[futex.length / 2]);
    }
}
