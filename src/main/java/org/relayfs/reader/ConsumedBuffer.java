package org.relayfs.reader;

import java.io.IOException;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.ReadySink;
import org.relayfs.ring.Observation;

/// One CPU's buffer as the channel's consumer sees it. Used by the thread that uses its [ChannelConsumer].
public final class ConsumedBuffer {
    private final int cpu;
    private final long subBufferSize;
    private final Observation observation;
    private final Acknowledgement acknowledgement;

    /// Tells the owner, who alone gives sub-buffers back to the writers.
    interface Acknowledgement {
        /// @param position of the first sub-buffer that was not read to its end
        /// @param count    how many there are before it that the owner does not know of yet
        void readUpTo(long position, long count) throws IOException;
    }

    ConsumedBuffer(int cpu, long subBufferSize, Observation observation, Acknowledgement acknowledgement) {
        this.cpu = cpu;
        this.subBufferSize = subBufferSize;
        this.observation = observation;
        this.acknowledgement = acknowledgement;
    }

    /// {@return the CPU it belongs to; 0 for a global channel}
    public int cpu() {
        return cpu;
    }

    /// Hands over one sub-buffer without a copy, and gives it back to the writers when the sink has taken it. No
    /// writer touches it before. What is in the sub-buffer that is still open comes when it is closed: by being
    /// full, by a flush, or by the end of the channel. Never waits.
    ///
    /// @param sink takes the bytes; not called when there are none
    /// @return how many bytes it has taken; 0: there is nothing now, or it has returned false
    /// @throws IOException from the sink: nothing is consumed, and the bytes come again. Or the owner could not be
    ///     told: the sink has had the bytes, and the owner is told with the next sub-buffer; until then, another
    ///     consumer would get them, too
    /// @throws DamagedBufferException the shared memory is damaged
    public long take(ReadySink sink) throws IOException {
        long taken = observation.look(subBufferSize, sink);
        if (taken == Observation.OVERWRITTEN) {
            // A reset, in the midst of it: what was there is thrown away.
            return 0;
        }
        // Also those that held nothing.
        long count = observation.position() - observation.consumed();
        if (count > 0) {
            acknowledgement.readUpTo(observation.position(), count);
        }
        return taken;
    }

    /// {@return true when [#take] would hand something over}
    ///
    /// @throws DamagedBufferException the shared memory is damaged, or the channel's owner says so
    public boolean hasData() {
        return observation.hasMore();
    }
}
