package org.relayfs.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;

/// A channel of this project.
public final class RelayfsSubject implements Subject {
    private final MemorySegment target = Arena.ofAuto().allocate(Sizes.BUFFER_SIZE);
    private Relay relay;
    private RelayChannel channel;

    @Override
    public boolean open(Mode mode, int length, int threads) throws IOException {
        relay = Relay.create();
        channel = relay.open(
                "bench",
                ChannelConfig.of(Sizes.SUB_BUFFER_SIZE, Sizes.SUB_BUFFER_COUNT)
                        .withMode(mode == Mode.OVERWRITE ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE));
        return true;
    }

    Path folder() {
        return channel.folder();
    }

    @Override
    public Writer newWriter() {
        RelayChannel written = channel;
        return (source, offset, length) -> written.write(source, offset, length) >= 0;
    }

    @Override
    public boolean read() {
        long read = 0;
        for (ChannelBuffer buffer : channel.buffers()) {
            // Only what has been delivered: what is being written is worth waiting for. And without isReadable(), which
            // looks after stalled writers when there is nothing, in words that the writers are using.
            read += buffer.produced() > buffer.consumed() ? buffer.read(target, 0, Sizes.BUFFER_SIZE) : 0;
        }
        return read > 0;
    }

    @Override
    public void discard() {
        for (ChannelBuffer buffer : channel.buffers()) {
            buffer.subBuffersConsumed(Sizes.SUB_BUFFER_COUNT);
        }
    }

    @Override
    public long lost() {
        return channel.stats().stream().mapToLong(BufferStats::straggler).sum();
    }

    @Override
    public void close() {
        relay.close();
    }
}
