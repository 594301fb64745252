package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.ring.RingReservation;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// A stream of blktrace's records, written by threads and the shell and read by `cat`, is taken by the real
/// `blkparse` and
/// `blkrawverify`, record for record and in order.
@MountTest
final class BlkparseIT {
    private static final int THREADS = 3;
    private static final int RECORDS = 1_000_000;
    private static final int SHELL_RECORDS = 50;
    private static final int ONE_IN_THAT_IS_A_NOTE = 16;
    private static final int DEVICE = 8 << 20;
    private static final long PATIENCE_NS = 30_000_000_000L;

    // A thread of a busy machine may be away for long between reserving and committing.
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(262_144, 8).withBaseName("trace").withAbandonAfterMs(60_000);

    @TempDir
    private Path temp;

    /// One buffer's numbers, as the kernel has them for each CPU: whoever holds the lock says what comes next.
    /// Only the place is taken under it; threads fill theirs side by side.
    private static final class Cpu {
        final ChannelBuffer buffer;
        final ReentrantLock lock = new ReentrantLock();
        int sequence;
        long time;

        Cpu(ChannelBuffer buffer) {
            this.buffer = buffer;
        }

        void next() {
            sequence++;
            time = Math.max(time + 1, System.nanoTime());
        }
    }

    private static String note(int cpu, int sequence) {
        return sequence % ONE_IN_THAT_IS_A_NOTE == 0 ? "note " + cpu + " " + sequence : "";
    }

    private static BlktraceRecord record(Cpu cpu, int pid) {
        String note = note(cpu.buffer.cpu(), cpu.sequence);
        return new BlktraceRecord(
                cpu.sequence,
                cpu.time,
                sector(cpu.buffer.cpu(), cpu.sequence),
                note.isEmpty() ? BlktraceRecord.QUEUED_WRITE : BlktraceRecord.MESSAGE,
                pid,
                DEVICE,
                cpu.buffer.cpu(),
                note.getBytes(StandardCharsets.US_ASCII));
    }

    private static long sector(int cpu, int sequence) {
        return cpu + 8L * sequence;
    }

    private static void write(Cpu cpu, int thread) {
        Reservation reservation = new RingReservation();
        BlktraceRecord record = null;
        while (record == null) {
            cpu.lock.lock();
            try {
                int length = BlktraceRecord.HEADER_LENGTH
                        + note(cpu.buffer.cpu(), cpu.sequence + 1).length();
                if (cpu.buffer.reserve(reservation, length) >= 0) {
                    cpu.next();
                    record = record(cpu, 1000 + thread);
                }
            } finally {
                cpu.lock.unlock();
            }
            if (record == null) {
                LockSupport.parkNanos(50_000);
            }
        }
        reservation.putBytes(0, record.bytes(), 0, record.length());
        reservation.commit();
    }

    /// The shell writes into the relay file itself, and so into that buffer; with `>` and with `>>`.
    private static void writeByTheShell(Cpu cpu, String file) throws Exception {
        cpu.lock.lock();
        try {
            long deadline = System.nanoTime() + PATIENCE_NS;
            while (cpu.buffer.isReadable() && System.nanoTime() - deadline < 0) {
                Thread.sleep(1);
            }
            StringBuilder script = new StringBuilder("set -e\nchmod u+w $1\n");
            for (int i = 0; i < SHELL_RECORDS; i++) {
                cpu.next();
                script.append("printf '").append(record(cpu, 1).octal());
                script.append(i % 2 == 0 ? "' > $1\n" : "' >> $1\n");
            }
            Client.shell(script.toString(), file);
        } finally {
            cpu.lock.unlock();
        }
    }

    private static void runThreads(List<Cpu> cpus) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.add(Thread.ofPlatform().name("writer-" + t).start(() -> {
                for (int i = 0; i < RECORDS / THREADS; i++) {
                    write(cpus.get((i + thread) % cpus.size()), thread);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join(60_000);
            assertThat(thread.isAlive())
                    .as("%s waits for room", thread.getName())
                    .isFalse();
        }
    }

    @Test
    void blkparseAndBlkrawverifyTakeEveryRecord() throws Exception {
        List<Cpu> cpus = new ArrayList<>();
        List<Client> cats = new ArrayList<>();
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("sda", CONFIG);
            Client.shell("echo 1 > $1/sda/blocking", mount.path());
            for (ChannelBuffer buffer : channel.buffers()) {
                cpus.add(new Cpu(buffer));
                String file = mount.file("sda/trace" + buffer.cpu());
                cats.add(Client.start(
                        "sh", "-c", "exec cat $1 > $2", "sh", file, temp + "/sda.blktrace." + buffer.cpu()));
            }
            Thread shell = Thread.ofPlatform().name("shell").start(() -> {
                for (Cpu cpu : cpus) {
                    try {
                        writeByTheShell(cpu, mount.file("sda/trace" + cpu.buffer.cpu()));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            runThreads(cpus);
            shell.join(60_000);
            Client.shell("echo destroy sda > $1/control", mount.path());
            for (Client cat : cats) {
                cat.awaitSuccess();
            }
        } finally {
            cats.forEach(Client::close);
        }
        int total = cpus.stream().mapToInt(cpu -> cpu.sequence).sum();
        assertThat(total).isGreaterThanOrEqualTo(RECORDS - THREADS + SHELL_RECORDS * cpus.size());
        verifyByBlkrawverify(cpus);
        verifyByBlkparse(cpus, total);
    }

    private void verifyByBlkrawverify(List<Cpu> cpus) throws Exception {
        Client.shell("cd $1 && blkrawverify sda", temp);
        List<String> report = Files.readAllLines(temp.resolve("sda.verify.out"));
        List<String> expected = new ArrayList<>();
        for (Cpu cpu : cpus) {
            // It does not count notes.
            int events = cpu.sequence - cpu.sequence / ONE_IN_THAT_IS_A_NOTE;
            expected.add("Summary for cpu " + cpu.buffer.cpu() + ":");
            expected.add(events + " valid + 0 invalid (100.0%) processed");
        }
        assertThat(report.stream()
                        .map(line -> line.strip().replaceAll(" +", " "))
                        .filter(line -> !line.isEmpty() && !line.startsWith("---") && !line.startsWith("Verifying")))
                .containsExactlyElementsOf(expected);
    }

    private void verifyByBlkparse(List<Cpu> cpus, int total) throws Exception {
        Client.shell("cd $1 && blkparse -i sda -f '%c %s %S\n' -o events", temp);
        int[] last =
                new int[cpus.stream().mapToInt(cpu -> cpu.buffer.cpu()).max().orElseThrow() + 1];
        int count = 0;
        try (BufferedReader lines = Files.newBufferedReader(temp.resolve("events"))) {
            for (String line = lines.readLine(); line != null && !line.startsWith("CPU"); line = lines.readLine()) {
                int at = line.indexOf("note ");
                String[] words = line.substring(Math.max(0, at)).split(" ");
                int cpu = Integer.parseInt(words[at < 0 ? 0 : 1]);
                int sequence = Integer.parseInt(words[at < 0 ? 1 : 2]);
                boolean right =
                        ++last[cpu] == sequence && (at >= 0 || Long.parseLong(words[2]) == sector(cpu, sequence));
                if (!right) {
                    throw new AssertionError(line + ": expected number " + last[cpu]);
                }
                count++;
            }
        }
        assertThat(count).isEqualTo(total);
        String summary = Client.shell("sed -n '/^CPU/,$p' $1/events", temp);
        assertThat(summary).contains("Events (sda): " + total + " entries", "Skips: 0 forward (0 ");
    }
}
