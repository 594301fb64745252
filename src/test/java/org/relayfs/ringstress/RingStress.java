package org.relayfs.ringstress;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.ringstress.Progress.Count;
import org.relayfs.testing.Client;

/// The owner of a channel that eight threads of three processes write to: two of its own and three in each of two
/// attached processes. Reads everything, and at the end compares what was read with what the writers were told and
/// with the channel's counters. A process of its own, so that all of it can be bound to one CPU.
final class RingStress {
    private static final int OWN_THREADS = 2;
    private static final int ATTACHED = 2;
    private static final int ATTACHED_THREADS = 3;
    private static final int SUB_BUFFER_SIZE = 4096;
    private static final int SUB_BUFFER_COUNT = 8;

    private final boolean overwrite;
    private final boolean kill;
    private final long seconds;
    private final Relay relay;
    private final RelayChannel channel;
    private final Progress progress;
    private final StressReader reader;
    private final SplittableRandom random = new SplittableRandom(System.nanoTime());
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Integer> killed = new ArrayList<>();
    private int writers;

    private RingStress(boolean overwrite, boolean kill, boolean global, long seconds) throws IOException {
        this.overwrite = overwrite;
        this.kill = kill;
        this.seconds = seconds;
        this.relay = Relay.create();
        this.channel = relay.open(
                "stress",
                ChannelConfig.of(SUB_BUFFER_SIZE, SUB_BUFFER_COUNT)
                        .withGlobal(global)
                        .withMode(overwrite ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE));
        this.progress = Progress.open(progressFile());
        this.reader = new StressReader(channel::buffers, !overwrite);
    }

    // A process that is killed should hold a reservation then, more often than not.
    private int direct() {
        return kill ? 400 : 900;
    }

    private Path progressFile() {
        return relay.folder().resolve("progress");
    }

    /// Runs one variant and prints a line of figures.
    ///
    /// @param args seconds, then any of `overwrite`, `kill`, `global`
    public static void main(String[] args) throws Exception {
        List<String> options = List.of(args);
        RingStress stress = new RingStress(
                options.contains("overwrite"),
                options.contains("kill"),
                options.contains("global"),
                Long.parseLong(args[0]));
        try {
            stress.run();
        } finally {
            stress.relay.close();
        }
    }

    private record Attached(Client process, int firstWriter) {
        void go() throws IOException {
            process.input().write('\n');
            process.input().flush();
        }
    }

    private Attached attach() throws IOException, InterruptedException {
        int first = writers;
        writers += ATTACHED_THREADS;
        Client process = Client.startJava(
                AttachedWriters.class,
                kill ? "-XX:TieredStopAtLevel=1" : "-XX:TieredStopAtLevel=4",
                "-Xmx64m",
                "--",
                channel.folder().toString(),
                progressFile().toString(),
                Integer.toString(first),
                Integer.toString(ATTACHED_THREADS),
                Boolean.toString(!overwrite),
                Integer.toString(direct()),
                Integer.toString(SUB_BUFFER_SIZE + 1));
        process.awaitReady();
        return new Attached(process, first);
    }

    private void run() throws Exception {
        List<Thread> own = new ArrayList<>();
        for (int i = 0; i < OWN_THREADS; i++) {
            StressWriter writer = new StressWriter(
                    StressWriter.targetOf(channel),
                    writers++,
                    progress,
                    !overwrite,
                    direct(),
                    SUB_BUFFER_SIZE + 1,
                    () -> !ended.get());
            own.add(start(writer));
        }
        Deque<Attached> attached = new ArrayDeque<>();
        for (int i = 0; i < ATTACHED; i++) {
            attached.add(attach());
        }
        AtomicBoolean read = new AtomicBoolean(true);
        Thread reading = start(() -> {
            while (read.get()) {
                if (reader.readAll() == 0) {
                    LockSupport.parkNanos(100_000);
                }
            }
        });
        for (Attached each : attached) {
            each.go();
        }
        if (kill) {
            killForAWhile(attached);
        } else {
            Thread.sleep(seconds * 1000);
        }
        ended.set(true);
        for (Attached each : attached) {
            each.process.input().close();
            if (each.process.awaitEnd() != 0) {
                throw new AssertionError("an attached process failed: " + each.process);
            }
        }
        for (Thread thread : own) {
            thread.join();
        }
        read.set(false);
        reading.join();
        check();
    }

    private Thread start(Runnable action) {
        Thread thread = Thread.ofPlatform().unstarted(() -> {
            try {
                action.run();
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
                ended.set(true);
            }
        });
        thread.start();
        return thread;
    }

    // While one writes, its replacement starts: most of the time somebody writes, and somebody is killed.
    private void killForAWhile(Deque<Attached> attached) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        while (System.nanoTime() < end && failure.get() == null) {
            Attached next = attach();
            next.go();
            attached.addLast(next);
            Thread.sleep(random.nextInt(1, 60));
            Attached victim = attached.removeFirst();
            victim.process.close();
            for (int i = 0; i < ATTACHED_THREADS; i++) {
                killed.add(victim.firstWriter + i);
            }
        }
    }

    private long sum(ToLongFunction<BufferStats> counter) {
        return channel.stats().stream().mapToLong(counter).sum();
    }

    private void check() {
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        reader.drain(100);
        channel.flush();
        reader.drain(kill ? 1500 : 100);
        List<String> problems = new ArrayList<>();
        checkRecords(problems);
        checkCounters(problems);
        if (kill) {
            checkThatAllSubBuffersAreUsable(problems);
        }
        long read = 0;
        for (int writer = 0; writer < writers; writer++) {
            read += reader.count(writer);
        }
        System.out.printf(
                "%s%s: accepted %,d records, %,d bytes; read %,d; overwritten %,d bytes; full %,d, big %,d, straggler"
                        + " %,d; skipped %,d; abandoned %,d, %,d bytes; killed %d processes; aborted %,d%n",
                overwrite ? "overwrite" : "no-overwrite",
                kill ? ", killed" : "",
                progress.sum(Count.ACCEPTED),
                progress.sum(Count.ACCEPTED_BYTES),
                read,
                sum(BufferStats::overwritten),
                sum(BufferStats::full),
                sum(BufferStats::big),
                sum(BufferStats::straggler),
                sum(BufferStats::skipped),
                sum(BufferStats::abandoned),
                sum(BufferStats::abandonedBytes),
                killed.size() / ATTACHED_THREADS,
                progress.sum(Count.ABORTED));
        if (!problems.isEmpty()) {
            throw new AssertionError(String.join("\n", problems) + "\n" + channel.stats());
        }
    }

    private void checkRecords(List<String> problems) {
        for (int writer = 0; writer < writers; writer++) {
            long accepted = progress.get(writer, Count.ACCEPTED);
            long read = reader.count(writer);
            // A writer that was killed may have got a record in without having been told.
            boolean onTop = killed.contains(writer) && read == accepted + 1;
            if (overwrite && read > accepted && !onTop) {
                problems.add("writer " + writer + ": accepted " + accepted + ", read " + read);
            } else if (!overwrite && !reader.hasExactlyTheFirst(writer, onTop ? accepted + 1 : accepted)) {
                problems.add("writer " + writer + (killed.contains(writer) ? " (killed)" : "") + ": accepted "
                        + accepted + ", read " + read);
            }
        }
    }

    // A process that is killed may have counted an attempt without having noted it.
    private void checkCounters(List<String> problems) {
        equal(problems, "full", sum(BufferStats::full), overwrite ? -1 : progress.sum(Count.FULL), killed.size());
        equal(problems, "big", sum(BufferStats::big), progress.sum(Count.BIG), killed.size());
        equal(problems, "straggler", sum(BufferStats::straggler), progress.sum(Count.STRAGGLER), killed.size());
        equal(
                problems,
                "lost bytes",
                sum(BufferStats::lostBytes),
                progress.sum(Count.LOST_BYTES),
                (long) killed.size() * (SUB_BUFFER_SIZE + 1));
        equal(problems, "bytes read", sum(BufferStats::bytesRead), reader.bytes(), 0);
        long written = sum(BufferStats::bytesWritten);
        long holes = sum(BufferStats::abandonedBytes);
        if (!kill) {
            equal(problems, "records", sum(BufferStats::records), progress.sum(Count.ACCEPTED), 0);
            equal(problems, "bytes written", written, progress.sum(Count.ACCEPTED_BYTES), 0);
        }
        long known = sum(BufferStats::bytesRead) + sum(BufferStats::overwritten);
        // Holes that were overwritten are among the overwritten bytes.
        equal(problems, "bytes written", known, written, overwrite ? holes : 0);
    }

    private static void equal(List<String> problems, String what, long is, long expected, long more) {
        if (expected >= 0 && (is < expected || is > expected + more)) {
            problems.add(
                    what + ": is " + is + ", expected " + expected + (more == 0 ? "" : " to " + (expected + more)));
        }
    }

    private void checkThatAllSubBuffersAreUsable(List<String> problems) {
        for (ChannelBuffer buffer : channel.buffers()) {
            long skipped = buffer.stats().skipped();
            long refused = buffer.stats().full() + buffer.stats().straggler();
            byte[] record = new byte[SUB_BUFFER_SIZE];
            for (int i = 0; i < 2 * SUB_BUFFER_COUNT; i++) {
                channel.writeTo(buffer.cpu(), MemorySegment.ofArray(record), 0, record.length);
                buffer.read(MemorySegment.ofArray(new byte[2 * SUB_BUFFER_SIZE]), 0, 2 * SUB_BUFFER_SIZE);
            }
            BufferStats stats = buffer.stats();
            if (stats.skipped() != skipped || !overwrite && stats.full() + stats.straggler() != refused) {
                problems.add("CPU " + buffer.cpu() + ": " + (stats.skipped() - skipped) + " sub-buffers are unusable");
            }
        }
    }
}
