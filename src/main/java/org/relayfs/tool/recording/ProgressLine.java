package org.relayfs.tool.recording;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.Terminal;
import org.relayfs.tool.stat.Loss;

/// A line on standard error that is updated in place, if that is a terminal.
final class ProgressLine implements AutoCloseable {
    private final boolean shown = Terminal.is(Terminal.ERR);
    private final boolean coloured = Terminal.hasColours(Terminal.ERR);
    private final long startNs = System.nanoTime();
    private long lastNs = startNs;
    private long lastBytes;

    void show(Recording recording) {
        if (!shown) {
            return;
        }
        long now = System.nanoTime();
        long bytes = recording.bytes();
        double seconds = (now - lastNs) / (double) TimeUnit.SECONDS.toNanos(1);
        boolean lossless = recording.loss().map(Loss::isNone).orElse(true);
        String lost = "lost "
                + recording
                        .loss()
                        .map(loss -> loss.overwritten() > 0
                                ? ByteSize.text(loss.overwritten()) + "B"
                                : Long.toString(loss.records()))
                        .orElse("?");
        System.err.printf(
                Locale.ROOT,
                "\r%d s  %s  %s/s  backlog %d of %d  %s%s",
                TimeUnit.NANOSECONDS.toSeconds(now - startNs),
                ByteSize.text(bytes),
                ByteSize.text((bytes - lastBytes) / seconds),
                recording.backlog(),
                recording.subBufferCount(),
                lossless ? lost : Terminal.red(lost, coloured),
                Terminal.CLEAR_TO_END_OF_LINE);
        System.err.flush();
        lastNs = now;
        lastBytes = bytes;
    }

    /// Removes the line.
    @Override
    public void close() {
        if (shown) {
            System.err.print("\r" + Terminal.CLEAR_TO_END_OF_LINE);
            System.err.flush();
        }
    }
}
