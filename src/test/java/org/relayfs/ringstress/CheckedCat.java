package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.relayfs.testing.TestMount;

/// `cat` of a relay file, and a look at each record that it reads, until the file ends.
final class CheckedCat implements Runnable, AutoCloseable {
    private final Process cat;
    private final int cpu;
    private final RecordLedger ledger;

    /// @param channel its name
    /// @param ledger  gets the records
    CheckedCat(TestMount mount, String channel, int cpu, RecordLedger ledger) throws IOException {
        this.cat = new ProcessBuilder("cat", mount.file(channel + "/cpu" + cpu)).start();
        this.cpu = cpu;
        this.ledger = ledger;
    }

    @Override
    public void run() {
        byte[] bytes = new byte[1 << 18];
        int filled = 0;
        try {
            for (int read; (read = cat.getInputStream().read(bytes, filled, bytes.length - filled)) >= 0; ) {
                filled += read;
                int used = (int) StressRecord.parse(
                        MemorySegment.ofArray(bytes),
                        filled,
                        (writer, number, size) -> ledger.record(cpu, writer, number));
                System.arraycopy(bytes, used, bytes, 0, filled - used);
                filled -= used;
            }
        } catch (IOException e) {
            throw new AssertionError("CPU " + cpu, e);
        }
        assertThat(filled).as("half a record at the end of CPU " + cpu).isZero();
    }

    @Override
    public void close() {
        cat.destroyForcibly();
    }
}
