package org.relayfs.reader;

import java.io.IOException;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.ReadySink;
import org.relayfs.ring.Observation;

/// One CPU's buffer as the channel's consumer sees it. Used by the thread that uses its [ChannelConsumer].
public final class ConsumedBuffer {
    private final int cpu;
    private final long subBufferSize;
    private final Observation observation;
    private final Acknowledgement acknowledgement;
    private long lastPosition;
    private boolean isPart;
    private boolean isContinued;

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
        long taken = keep(sink);
        giveBack();
        return taken;
    }

    /// Hands over one sub-buffer without a copy, and moves on, but keeps it from the writers until [#giveBack()]. A
    /// consumer that ends before that has not consumed it: the next one gets it again. Never waits.
    ///
    /// @param sink takes the bytes; not called when there are none
    /// @return how many bytes it has taken; 0: there is nothing now, or it has returned false
    /// @throws IOException from the sink: the bytes come again
    /// @throws DamagedBufferException the shared memory is damaged
    public long keep(ReadySink sink) throws IOException {
        long position = observation.position();
        long offset = observation.offset();
        long taken = observation.look(subBufferSize, sink);
        if (taken == Observation.OVERWRITTEN) {
            // A reset, in the midst of it: what was there is thrown away.
            return 0;
        }
        if (taken > 0) {
            isPart = observation.offset() > 0;
            lastPosition = observation.position() - (isPart ? 0 : 1);
            isContinued = offset > 0 && position == lastPosition;
        }
        return taken;
    }

    /// Gives all sub-buffers that were handed over back to the writers.
    ///
    /// @throws IOException the owner could not be told; it is told with the next sub-buffer
    public void giveBack() throws IOException {
        // Also those that held nothing.
        long count = observation.position() - observation.consumed();
        if (count > 0) {
            acknowledgement.readUpTo(observation.position(), count);
        }
    }

    /// {@return the number of the sub-buffer that was handed over last; each is higher than the one before}
    public long position() {
        return lastPosition;
    }

    /// {@return true when more of that sub-buffer may come: it was open when the channel ended, and somebody writes
    /// there}
    public boolean isPart() {
        return isPart;
    }

    /// {@return true when what was handed over last goes on where the time before has ended, within one sub-buffer}
    public boolean isContinued() {
        return isContinued;
    }

    /// {@return true when the sub-buffer that is still open holds records: a flush of the channel would close it}
    public boolean hasOpenRecords() {
        return observation.hasOpenRecords();
    }

    /// {@return the counters of the buffer, from its shared memory}
    public BufferStats stats() {
        return observation.stats(cpu);
    }

    /// {@return true when [#take] would hand something over}
    ///
    /// @throws DamagedBufferException the shared memory is damaged, or the channel's owner says so
    public boolean hasData() {
        return observation.hasMore();
    }
}
