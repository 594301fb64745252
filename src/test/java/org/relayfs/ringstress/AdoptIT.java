package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.AttachedChannel;
import org.relayfs.ringstress.Progress.Count;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;

/// An owner is killed while its threads, a process in Java and one in C write at full speed, it resizes the channel,
/// and the channel is read through the mount; the next owner takes the channel over, writes to it, and is
/// killed in its turn. The two processes are attached once, for all owners. What was accepted is read exactly
/// once.
///
/// `-Drelayfs.adopt.rounds=100` for the long run.
@MountTest
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdoptIT {
    private static final int ROUNDS = Integer.getInteger("relayfs.adopt.rounds", 5);
    private static final int OTHERS = 3;
    private static final int OWN = 3;
    private static final int ENOUGH = 20;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(20);

    @TempDir
    private Path temp;

    private final SplittableRandom random = new SplittableRandom();
    private Path journal;
    private Path mount;
    private Progress progress;
    private MountedStreams streams;
    private Path memory;
    private Client owner;

    /// Starts one and lets it mount. While its JVM starts, the writers would only take its processors.
    private void startOwner(int number, Client... writers) throws Exception {
        for (Client writer : writers) {
            writer.signal("STOP");
        }
        owner = Client.startJava(
                MountedOwner.class,
                "-XX:TieredStopAtLevel=1",
                "--",
                mount.toString(),
                journal.toString(),
                String.valueOf(OTHERS + number * OWN),
                String.valueOf(OWN),
                String.valueOf(number > 0),
                String.valueOf(number % 2 == 1));
        Leftovers.watchProcess(owner.pid());
        owner.awaitReady();
        for (Client writer : writers) {
            writer.signal("CONT");
        }
        start(owner);
        memory = Path.of(owner.awaitLine("folder ").substring("folder ".length()));
        streams.open();
    }

    private static void start(Client client) throws IOException {
        client.input().write('\n');
        client.input().flush();
    }

    private static void end(Client client) throws Exception {
        client.input().close();
        client.awaitSuccess();
        client.close();
    }

    private void readWhile(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("in time").isNegative();
            assertThat(streams.read()).as(owner::toString).isGreaterThanOrEqualTo(0);
            Thread.sleep(0, (int) PAUSE_NS);
        }
    }

    private boolean haveAll(long[] before, int... writers) {
        return IntStream.of(writers).allMatch(writer -> accepted(writer) >= before[writer] + ENOUGH);
    }

    private long accepted(int writer) {
        return progress.get(writer, Count.ACCEPTED);
    }

    private long[] acceptedByAll() {
        return IntStream.range(0, OTHERS + (ROUNDS + 1) * OWN)
                .mapToLong(this::accepted)
                .toArray();
    }

    @Test
    void writersGoOnAndEachRecordIsReadOnce() throws Exception {
        journal = temp.resolve("journal");
        progress = Progress.open(journal);
        mount = Files.createDirectory(temp.resolve("mount"));
        Leftovers.watchMountPoint(mount);
        streams = new MountedStreams(mount.resolve("app"));
        startOwner(0);
        Path first = memory;
        try (Client java = Client.startJava(
                                AttachedWriters.class,
                                first.toString(),
                                journal.toString(),
                                "0",
                                "2",
                                "true",
                                "900",
                                "9000")
                        .awaitReady();
                Client c = Client.start(Programs.c("stress_writers"), first.toString(), journal.toString(), "2", "1")
                        .awaitReady();
                AttachedChannel looking = AttachedChannel.attach(first)) {
            start(java);
            start(c);
            for (int round = 0; round < ROUNDS; round++) {
                killOneUnderLoad(round);
                assertThat(looking.isOwnerAlive()).isFalse();
                startOwner(round + 1, java, c);
                assertThat(memory).isEqualTo(first);
                assertThat(looking.isOwnerAlive()).isTrue();
            }
            long[] before = acceptedByAll();
            readWhile(() -> !haveAll(before, 0, 1, 2));
            end(java);
            end(c);
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        readWhile(() -> !isComplete() && System.nanoTime() - until < 0);
        streams.close();
        check();
        end(owner);
        assertThat(first).doesNotExist();
    }

    private void killOneUnderLoad(int round) throws Exception {
        long[] before = acceptedByAll();
        start(owner);
        int own = OTHERS + round * OWN;
        readWhile(() -> !haveAll(before, 0, 1, 2, own, own + 1, own + 2));
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(1, 30));
        readWhile(() -> System.nanoTime() - until < 0);
        owner.signal("KILL").awaitEnd();
        owner.close();
        streams.close();
    }

    private boolean isComplete() {
        streams.takeApart();
        return IntStream.range(0, acceptedByAll().length)
                .allMatch(writer -> streams.ledger().count(writer) >= accepted(writer));
    }

    private void check() {
        long total = 0;
        for (int writer = 0; writer < acceptedByAll().length; writer++) {
            long count = streams.ledger().count(writer);
            // One may have been taken before its writer could note it.
            assertThat(count).as("records of writer " + writer).isBetween(accepted(writer), accepted(writer) + 1);
            assertThat(streams.ledger().hasExactlyTheFirst(writer, count)).isTrue();
            total += count;
        }
        System.out.printf("adoption: %d rounds, %d records%n", ROUNDS, total);
    }
}
