package org.relayfs.tool.report;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.relayfs.tool.cli.ToolException;

/// The buffers of a channel on a mount, in one of the two ways to read them.
interface ChannelSource extends Closeable {
    /// A buffer.
    ///
    /// @param bytes of it
    /// @param cpu   whose it is
    record Buffer(LiveBytes bytes, int cpu) {}

    /// {@return the buffers that are there now and were not returned before}
    List<Buffer> newBuffers() throws IOException;

    /// Waits until there may be something new in one of those buffers that have nothing, or one has ended.
    void await(List<LiveBytes> idle, long timeoutMs) throws IOException;

    /// Waits no longer, also from another thread.
    void wake();

    /// {@return whether nothing will come any more}
    boolean hasEnded();

    /// {@return what is to be said at the end, or nothing}
    String remark() throws ToolException;

    @Override
    void close();
}
