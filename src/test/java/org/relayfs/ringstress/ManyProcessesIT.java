package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.ringstress.Progress.Count;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.PidNamespace;
import org.relayfs.testing.TestMount;

/// Four JVMs with two threads each and two programs in C write from two other PID namespaces, and so do threads of the
/// owner; one of those processes is killed every 200 ms and started again. Half of them write to a channel that keeps
/// what is unread, which a process consumes in place; the others to one that overwrites, which is read through the
/// mount. Three observers look on. For longer: `-Dtest.jvm=-Drelayfs.many.seconds=60`.
@MountTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ManyProcessesIT {
    private static final double SECONDS = Double.parseDouble(System.getProperty("relayfs.many.seconds", "5"));
    private static final int KILL_EACH_MS = 200;
    private static final int SIZE = 4096;
    private static final int OWN_KEPT = 0;
    private static final int OWN_LAPPED = 1;
    private static final Pattern SUMMARY =
            Pattern.compile("CLOSED records (\\d+) bytes (\\d+) missed (\\d+) sub-buffers (\\d+)");

    @TempDir
    private Path folder;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final RecordLedger read = new RecordLedger();
    private final List<CheckedCat> cats = new ArrayList<>();
    private final List<Thread> reading = new ArrayList<>();
    private final List<Thread> writing = new ArrayList<>();
    private Progress progress;

    @Test
    void everyRecordOfAllProcessesIsReadOrCounted() throws Exception {
        progress = Progress.open(folder.resolve("progress"));
        ChannelConfig config = ChannelConfig.of(SIZE, 8);
        try (TestMount mount = TestMount.open();
                // After the mount, which they see then.
                PidNamespace one = PidNamespace.open();
                PidNamespace other = PidNamespace.open();
                RelayChannel kept = mount.relay().open("kept", config);
                RelayChannel lapped = mount.relay().open("lapped", config.withMode(ChannelMode.OVERWRITE));
                KilledWriters writers = new KilledWriters(folder.resolve("progress"), OWN_LAPPED + 1);
                Client consumer = start(
                        Consuming.class,
                        mount.file("kept"),
                        Long.toString(Long.MAX_VALUE),
                        folder.resolve("taken").toString());
                Client observers = start(Observing.class, lapped.folder().toString(), "copy", "0", "look", "100000")) {
            Observing observer = new Observing(kept.folder(), true, 0);
            reading.add(begin(observer));
            readThroughTheMount(mount, lapped);
            consumer.awaitReady();
            observers.awaitReady(); // what was overwritten before they came, they have not missed
            long endNs = System.nanoTime() + (long) (SECONDS * 1e9);
            for (PidNamespace namespace : List.of(one, other)) {
                writers.addJava(namespace, "kept", mount.path().resolve("kept"), 2);
                writers.addJava(namespace, "lapped", lapped.folder(), 2);
                String inC = namespace == one ? "kept" : "lapped";
                writers.addC(namespace, inC, mount.path().resolve(inC));
            }
            write(kept, OWN_KEPT);
            write(lapped, OWN_LAPPED);
            writers.killUntil(endNs, (int) SECONDS + 1, KILL_EACH_MS);
            ended.set(true);
            writers.end();
            for (Thread thread : writing) {
                thread.join();
            }
            one.close();
            other.close();
            awaitRepair(kept);
            awaitRepair(lapped);
            kept.close();
            lapped.close();
            for (Thread thread : reading) {
                thread.join(TimeUnit.SECONDS.toMillis(30));
            }
            assertThat(failure.get()).isNull();
            assertThat(consumer.awaitLine("taken ")).contains(" CLOSED ");
            checkKept(kept, writers, observer.summary());
            checkLapped(lapped, writers, List.of(observers.awaitLine(""), observers.awaitLine("")));
        } finally {
            ended.set(true);
            cats.forEach(CheckedCat::close);
        }
    }

    private static Client start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "--"));
        command.addAll(List.of(arguments));
        return Client.startJava(main, command.toArray(String[]::new));
    }

    private Thread begin(Runnable action) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                action.run();
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            }
        });
    }

    private void write(RelayChannel channel, int writer) {
        writing.add(begin(new StressWriter(
                StressWriter.targetOf(channel), writer, progress, false, 900, SIZE + 1, () -> !ended.get())));
    }

    private void readThroughTheMount(TestMount mount, RelayChannel channel) throws Exception {
        mount.sh("echo 1 > " + channel.name() + "/blocking");
        for (ChannelBuffer buffer : channel.buffers()) {
            CheckedCat cat = new CheckedCat(mount, channel.name(), buffer.cpu(), read);
            cats.add(cat);
            reading.add(begin(cat));
        }
    }

    /// The owner looks for what the dead owe each 100 ms while somebody waits, and takes 10 ms to be sure.
    private static void awaitRepair(RelayChannel channel) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        channel.flush();
        while (sum(channel, s -> s.bytesWritten() - s.bytesRead() - s.overwritten()) > 0 && System.nanoTime() < end) {
            Thread.sleep(10);
            channel.flush();
        }
    }

    private static long sum(RelayChannel channel, ToLongFunction<BufferStats> counter) {
        return channel.stats().stream().mapToLong(counter).sum();
    }

    private static List<Integer> writersOf(RelayChannel channel, int own, KilledWriters writers) {
        List<Integer> all = new ArrayList<>(writers.of(channel.name()));
        all.add(own);
        return all;
    }

    /// Each record is read, exactly once.
    private void checkKept(RelayChannel channel, KilledWriters writers, String observed) throws IOException {
        RecordLedger taken = RecordLedger.load(folder.resolve("taken"));
        List<String> problems = new ArrayList<>();
        List<Integer> all = writersOf(channel, OWN_KEPT, writers);
        for (int writer : all) {
            long accepted = progress.get(writer, Count.ACCEPTED);
            long more = writers.isKilled(writer) && taken.count(writer) == accepted + 1 ? 1 : 0;
            if (!taken.hasExactlyTheFirst(writer, accepted + more)) {
                problems.add("writer " + writer + ": accepted " + accepted + ", read " + taken.count(writer));
            }
        }
        assertThat(problems).as("%s", channel.stats()).isEmpty();
        check(channel, all, writers, taken, List.of(observed));
        assertThat(sum(channel, BufferStats::bytesRead)).isEqualTo(sum(channel, BufferStats::bytesWritten));
        assertThat(sum(channel, BufferStats::records))
                .isEqualTo(all.stream().mapToLong(taken::count).sum());
    }

    /// Each record is read at most once, and the bytes of all others are counted as overwritten: so are those of holes.
    private void checkLapped(RelayChannel channel, KilledWriters writers, List<String> observed) {
        List<Integer> all = writersOf(channel, OWN_LAPPED, writers);
        for (int writer : all) {
            assertThat(read.count(writer))
                    .isLessThanOrEqualTo(progress.get(writer, Count.ACCEPTED) + (writers.isKilled(writer) ? 1 : 0));
        }
        check(channel, all, writers, read, observed);
        long written = sum(channel, BufferStats::bytesWritten);
        assertThat(sum(channel, BufferStats::bytesRead) + sum(channel, BufferStats::overwritten))
                .isBetween(written, written + sum(channel, BufferStats::abandonedBytes));
    }

    /// Of each dead writer at most one record is missing, which is counted, or was taken without its having been told.
    private void check(
            RelayChannel channel,
            List<Integer> all,
            KilledWriters writers,
            RecordLedger ledger,
            List<String> observed) {
        long killed = all.stream().filter(writers::isKilled).count();
        long accepted = sum(all, Count.ACCEPTED);
        long acceptedBytes = sum(all, Count.ACCEPTED_BYTES);
        long written = sum(channel, BufferStats::bytesWritten);
        long abandoned = sum(channel, BufferStats::abandoned);
        System.out.printf(
                "%s: %d lives of %d writers killed; accepted %,d records, %,d bytes; read %,d; abandoned %,d; overwritten"
                        + " %,d bytes; full %,d, straggler %,d; observed %s%n",
                channel.name(),
                all.size(),
                killed,
                accepted,
                acceptedBytes,
                all.stream().mapToLong(ledger::count).sum(),
                abandoned,
                sum(channel, BufferStats::overwritten),
                sum(channel, BufferStats::full),
                sum(channel, BufferStats::straggler),
                observed);
        assertThat(writers.kills()).isGreaterThan((int) SECONDS);
        assertThat(abandoned).isLessThanOrEqualTo(killed);
        assertThat(sum(channel, BufferStats::records)).isBetween(accepted, accepted + killed);
        assertThat(written).isBetween(acceptedBytes, acceptedBytes + killed * StressRecord.MAX_LENGTH);
        for (String summary : observed) {
            Matcher matcher = SUMMARY.matcher(summary);
            assertThat(matcher.matches()).as(summary).isTrue();
            long seen = Long.parseLong(matcher.group(2));
            assertThat(seen).isPositive();
            assertThat(seen + Long.parseLong(matcher.group(3)))
                    .as(summary)
                    .isBetween(written, written + sum(channel, BufferStats::abandonedBytes));
        }
    }

    private long sum(List<Integer> all, Count count) {
        return all.stream().mapToLong(writer -> progress.get(writer, count)).sum();
    }
}
