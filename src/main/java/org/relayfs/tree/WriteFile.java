package org.relayfs.tree;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.relayfs.RelayChannel;
import org.relayfs.linux.Cpus;
import org.relayfs.linux.ErrnoException;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.CallerThread;

/// The `write` file: logs each `write(2)` as one record, in the buffer of the CPU that the writing thread runs on.
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
            throw WriteRefusal.of(channel, length, result);
        }
    }

    private static int log(RelayChannel channel, ByteBuffer source, Caller caller) {
        RingBuffer.of(channel.buffers()).forEach(RingBuffer::settle);
        int cpu = channel.config().global() ? -1 : CallerThread.cpu(caller);
        return channel.writeText(cpu < 0 || cpu >= Cpus.MAX_CPUS ? -1 : cpu, MemorySegment.ofBuffer(source));
    }
}
