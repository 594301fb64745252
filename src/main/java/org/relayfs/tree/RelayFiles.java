package org.relayfs.tree;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.access.NodeStatus;

/// The files of a buffer: `cpuN`, `cpuN.produced` and `cpuN.consumed`, or the first alone. The counters are native
/// 8-byte integers, as
/// relay-apps write a `size_t`.
final class RelayFiles {
    static final String PRODUCED = ".produced";
    static final String CONSUMED = ".consumed";

    private final Inodes inodes;
    private final ErrorLog errorLog;

    RelayFiles(Inodes inodes, ErrorLog errorLog) {
        this.inodes = inodes;
        this.errorLog = errorLog;
    }

    /// @param name  the relay file's
    /// @param plain true: without the counters
    Map<String, Node> of(
            Directory directory, ChannelLife life, RingBuffer buffer, String name, int mode, boolean plain) {
        String path = directory.pathOf(name);
        Map<String, Node> files = new LinkedHashMap<>();
        files.put(name, new RelayFile(path, status(directory, life, name, mode), life, buffer, errorLog));
        if (plain) {
            return files;
        }
        files.put(
                name + PRODUCED,
                new ControlFile(
                        path + PRODUCED,
                        status(directory, life, name + PRODUCED, 0400),
                        counter(buffer::produced),
                        null,
                        errorLog));
        files.put(
                name + CONSUMED,
                new ControlFile(
                        path + CONSUMED,
                        status(directory, life, name + CONSUMED, 0600),
                        counter(buffer::consumed),
                        errorLog.watching(path + CONSUMED, (source, caller) -> consume(buffer, source)),
                        errorLog));
        return files;
    }

    private NodeStatus status(Directory directory, ChannelLife life, String name, int mode) {
        Node former = life.former(directory, name);
        NodeStatus status =
                former == null ? inodes.newFile(directory, mode) : inodes.newFileInPlaceOf(KeptView.statusOf(former));
        status.whenChanged(life.keeper());
        return status;
    }

    private static ControlContent counter(LongSupplier value) {
        return () -> ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(value.getAsLong())
                .array();
    }

    /// The number is unsigned for the client: what is negative here is more than any sub-buffer count, and ignored.
    private static void consume(RingBuffer buffer, ByteBuffer source) throws ErrnoException {
        if (source.remaining() != Long.BYTES) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    "consumed: length=" + source.remaining() + ", limit=" + Long.BYTES
                            + " bytes; write one native 8-byte integer");
        }
        long count = source.order(ByteOrder.nativeOrder()).getLong();
        if (count >= 0) {
            buffer.subBuffersConsumed(count);
        }
    }
}
