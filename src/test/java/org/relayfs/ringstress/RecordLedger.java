package org.relayfs.ringstress;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What was read of each writer, and that it came in order. Of each CPU one thread may tell at a time.
final class RecordLedger {
    static final int MAX_CPUS = 64;

    private final long[][] last = new long[MAX_CPUS][Progress.MAX_WRITERS];
    private final long[][] counts = new long[MAX_CPUS][Progress.MAX_WRITERS];
    private final long[][] sums = new long[MAX_CPUS][Progress.MAX_WRITERS];

    /// Takes the next record of a CPU.
    void record(int cpu, int writer, long number) {
        if (number + 1 <= last[cpu][writer]) {
            throw new AssertionError("order: CPU " + cpu + ", writer " + writer + ": record " + number + " after "
                    + (last[cpu][writer] - 1));
        }
        last[cpu][writer] = number + 1;
        counts[cpu][writer]++;
        sums[cpu][writer] += StressRecord.mix(number);
    }

    long count(int writer) {
        return total(counts, writer);
    }

    private static long total(long[][] of, int writer) {
        long total = 0;
        for (long[] each : of) {
            total += each[writer];
        }
        return total;
    }

    /// True when exactly the records 0 to `count` - 1 of a writer were read.
    boolean hasExactlyTheFirst(int writer, long count) {
        long sum = 0;
        for (long number = 0; number < count; number++) {
            sum += StressRecord.mix(number);
        }
        return count(writer) == count && total(sums, writer) == sum;
    }

    /// Puts into a file what a process has read, for another one to look at.
    void save(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (int writer = 0; writer < Progress.MAX_WRITERS; writer++) {
                out.writeLong(total(counts, writer));
                out.writeLong(total(sums, writer));
            }
        }
    }

    /// {@return what was read by the process that has saved it, whatever CPU it was of}
    static RecordLedger load(Path file) throws IOException {
        RecordLedger ledger = new RecordLedger();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (int writer = 0; writer < Progress.MAX_WRITERS; writer++) {
                ledger.counts[0][writer] = in.readLong();
                ledger.sums[0][writer] = in.readLong();
            }
        }
        return ledger;
    }
}
