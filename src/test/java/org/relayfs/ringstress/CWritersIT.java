package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.ringstress.Progress.Count;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// Two processes in C, three threads each, that attach by the channel's directory on a mount, and two threads of the
/// owner, while `cat` reads each relay file and waits for more. The processes are killed, one each 100 ms, and
/// restarted. Nothing may be lost, torn, doubled or out of order, but the record that a killed thread was at.
/// For longer: `-Dtest.jvm=-Drelayfs.stress.seconds=60`.
@MountTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CWritersIT {
    private static final long SECONDS = Long.getLong("relayfs.stress.seconds", 4);
    private static final int PROCESSES = 2;
    private static final int THREADS = 3;
    private static final int OWN_THREADS = 2;
    private static final int KILL_EACH_MS = 100;
    private static final int SUB_BUFFER_SIZE = 4096;

    @TempDir
    private Path folder;

    private final RecordLedger ledger = new RecordLedger();
    private final Set<Integer> killed = new HashSet<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private Progress progress;
    private int writers;

    private record Attached(Client process, int firstWriter) {}

    private Attached attach(TestMount mount) throws Exception {
        int first = writers;
        writers += THREADS;
        Client process = Client.start(
                Programs.c("stress_writers"),
                mount.file("stress").toString(),
                folder.resolve("progress").toString(),
                "" + first,
                "" + THREADS);
        return new Attached(process.awaitReady(), first);
    }

    private Thread start(Runnable action) {
        return Thread.ofPlatform().start(() -> {
            try {
                action.run();
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            }
        });
    }

    @Test
    void everyRecordOfProgramsInCIsAccountedFor() throws Exception {
        progress = Progress.open(folder.resolve("progress"));
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("stress", ChannelConfig.of(SUB_BUFFER_SIZE, 8));
            mount.sh("echo 1 > stress/blocking");
            List<CheckedCat> cats = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            try {
                for (ChannelBuffer buffer : channel.buffers()) {
                    CheckedCat cat = new CheckedCat(mount, "stress", buffer.cpu(), ledger);
                    cats.add(cat);
                    threads.add(start(cat));
                }
                writeAndKill(mount, channel);
                awaitRepair(channel);
                List<BufferStats> stats = channel.stats();
                channel.close();
                for (Thread thread : threads) {
                    thread.join(TimeUnit.SECONDS.toMillis(30));
                }
                assertThat(failure.get()).isNull();
                compare(stats);
            } finally {
                cats.forEach(CheckedCat::close);
            }
        }
    }

    private void writeAndKill(TestMount mount, RelayChannel channel) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        List<Thread> own = new ArrayList<>();
        for (int i = 0; i < OWN_THREADS; i++) {
            own.add(start(new StressWriter(
                    StressWriter.targetOf(channel),
                    writers++,
                    progress,
                    false,
                    900,
                    SUB_BUFFER_SIZE + 1,
                    () -> !ended.get())));
        }
        SplittableRandom random = new SplittableRandom(System.nanoTime());
        Deque<Attached> attached = new ArrayDeque<>();
        for (int i = 0; i < PROCESSES; i++) {
            attached.add(attach(mount));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end && failure.get() == null && writers + THREADS <= Progress.MAX_WRITERS) {
            Thread.sleep(random.nextInt(KILL_EACH_MS / 2, 3 * KILL_EACH_MS / 2));
            Attached victim = attached.removeFirst();
            assertThat(victim.process.isAlive()).as(victim.process::toString).isTrue();
            victim.process.signal("KILL").close();
            for (int i = 0; i < THREADS; i++) {
                killed.add(victim.firstWriter + i);
            }
            attached.add(attach(mount));
        }
        ended.set(true);
        for (Attached each : attached) {
            each.process.input().close();
            each.process.awaitSuccess();
            each.process.close();
        }
        for (Thread thread : own) {
            thread.join();
        }
    }

    /// The owner looks for what the dead owe each 100 ms while somebody waits, and takes 10 ms to be sure.
    private static void awaitRepair(RelayChannel channel) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        channel.flush();
        while (sum(channel.stats(), s -> s.bytesWritten() - s.bytesRead()) != 0 && System.nanoTime() < end) {
            Thread.sleep(10);
            channel.flush();
        }
    }

    private static long sum(List<BufferStats> stats, ToLongFunction<BufferStats> counter) {
        return stats.stream().mapToLong(counter).sum();
    }

    private void compare(List<BufferStats> stats) {
        List<String> problems = new ArrayList<>();
        long read = 0;
        for (int writer = 0; writer < writers; writer++) {
            long accepted = progress.get(writer, Count.ACCEPTED);
            boolean onTop = killed.contains(writer) && ledger.count(writer) == accepted + 1;
            read += ledger.count(writer);
            if (!ledger.hasExactlyTheFirst(writer, onTop ? accepted + 1 : accepted)) {
                problems.add("writer " + writer + ": accepted " + accepted + ", read " + ledger.count(writer));
            }
        }
        long abandoned = sum(stats, BufferStats::abandoned);
        System.out.printf(
                "in C: accepted %,d records, read %,d; killed %d threads; abandoned %,d; %s%n",
                progress.sum(Count.ACCEPTED), read, killed.size(), abandoned, stats);
        assertThat(problems).as("%s", stats).isEmpty();
        assertThat(sum(stats, BufferStats::records)).isEqualTo(read);
        assertThat(abandoned).isLessThanOrEqualTo(killed.size());
        assertThat(sum(stats, BufferStats::bytesRead)).isEqualTo(sum(stats, BufferStats::bytesWritten));
        assertThat(sum(stats, BufferStats::full) + sum(stats, BufferStats::straggler))
                .isBetween(
                        progress.sum(Count.FULL) + progress.sum(Count.STRAGGLER),
                        progress.sum(Count.FULL) + progress.sum(Count.STRAGGLER) + killed.size());
    }
}
