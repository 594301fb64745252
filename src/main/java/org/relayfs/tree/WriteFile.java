package org.relayfs.tree;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.CallerThread;

/// The `write` file: logs what one `write(2)` brings as one record, in the buffer of the CPU that the writing
/// thread runs on.
final class WriteFile implements ControlAction {
    private final ChannelSlot slot;

    WriteFile(ChannelSlot slot) {
        this.slot = slot;
    }

    @Override
    public void write(ByteBuffer source, Caller caller) throws ErrnoException {
        RelayChannel channel = slot.requireLife().channel();
        int length = source.remaining();
        int result = log(channel, source, caller);
        if (result < 0) {
            throw refusal(channel, length, result);
        }
    }

    private static int log(RelayChannel channel, ByteBuffer source, Caller caller) {
        RingBuffer.of(channel.buffers()).forEach(RingBuffer::settle);
        int cpu = channel.config().global() ? -1 : CallerThread.cpu(caller);
        return cpu < 0
                ? channel.write(source)
                : channel.writeTo(cpu, MemorySegment.ofBuffer(source), 0, source.remaining());
    }

    private static ErrnoException refusal(RelayChannel channel, int length, int result) {
        String name = "channel " + channel.name() + ": ";
        return switch (result) {
            case WriteResult.TOO_BIG -> new ErrnoException(Errno.EMSGSIZE, tooBig(channel.config(), length));
            case WriteResult.FULL ->
                new ErrnoException(
                        Errno.EAGAIN, name + "the buffer is full; read it, or create it with more sub-buffers");
            case WriteResult.STRAGGLER ->
                new ErrnoException(Errno.EAGAIN, name + "a stalled writer holds every sub-buffer; try again");
            case WriteResult.DISABLED ->
                new ErrnoException(Errno.ESHUTDOWN, name + "disabled; write 1 to its enabled file");
            default -> new ErrnoException(Errno.ESHUTDOWN, name + "destroyed; create it again");
        };
    }

    private static String tooBig(ChannelConfig config, int length) {
        return "record: length=" + length + ", limit="
                + (config.paddingHeader() ? config.subBufferSize() - Long.BYTES : config.subBufferSize())
                + " bytes; write less at once, or create with a larger subbuf_size";
    }
}
