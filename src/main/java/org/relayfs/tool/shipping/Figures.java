package org.relayfs.tool.shipping;

import java.util.Locale;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.Terminal;

/// What a shipper has done. One thread.
final class Figures {
    private final boolean shown = Terminal.is(Terminal.ERR);
    private final long startNs = System.nanoTime();
    private long subBuffers;
    private long bytes;
    private long transactions;
    private long retries;
    private long backlog;
    private long waitedNs;

    void committed(long count, long size, long tookNs) {
        subBuffers += count;
        bytes += size;
        transactions++;
        waitedNs += tookNs;
    }

    void failed() {
        retries++;
    }

    /// @param subBuffersLeft those that are closed and not shipped
    void lag(long subBuffersLeft) {
        backlog = subBuffersLeft;
    }

    String text() {
        long meanUs = transactions == 0 ? 0 : waitedNs / transactions / 1000;
        return String.format(
                Locale.ROOT,
                "shipped %d sub-buffers, %sB, in %d transactions of %d us; %d retries, lag %d",
                subBuffers,
                ByteSize.text(bytes),
                transactions,
                meanUs,
                retries,
                backlog);
    }

    /// On a terminal, a line that is updated in place.
    void show() {
        if (shown) {
            System.err.print("\r" + (System.nanoTime() - startNs) / 1_000_000_000 + " s  " + text()
                    + Terminal.CLEAR_TO_END_OF_LINE);
            System.err.flush();
        }
    }

    void hide() {
        if (shown) {
            System.err.print("\r" + Terminal.CLEAR_TO_END_OF_LINE);
            System.err.flush();
        }
    }
}
