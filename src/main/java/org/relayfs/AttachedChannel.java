package org.relayfs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Objects;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.memory.Futex;
import org.relayfs.ring.ChannelMemory;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;
import org.relayfs.ring.RingReservation;
import org.relayfs.ring.Slots;

/// A channel of another process, opened for writing through shared memory, without a system call per record. Any
/// number of threads may write.
///
/// Records go to the buffer of the current CPU or, if the owner has no buffer for that CPU, to the first buffer
/// there is. If this process dies in the middle of a record, the owner gives its bytes up. If the owner dies,
/// writes keep succeeding (overwrite) or are refused as full (no-overwrite), and nobody reads them;
/// [#isOwnerAlive()] tells.
public final class AttachedChannel implements AutoCloseable {
    // Looking costs a system call, so it is not done with each record.
    private static final long LOOK_NS = 50_000_000;

    private final ChannelMemory memory;
    private final RecordWriter writer;
    private final Futex doorbell;
    // When a thread last looked for a buffer that was not there; some may look too often.
    private volatile long lookedNs = System.nanoTime() - LOOK_NS;
    // Guarded by this: the mapping of buffers.
    private boolean closed;

    private AttachedChannel(ChannelMemory memory, Futex doorbell) {
        this.memory = memory;
        this.doorbell = doorbell;
        this.writer = new RecordWriter(
                memory.geometry(), memory.firstRegion(), memory.stride(), memory.slots(), memory.processSlot());
    }

    /// Attaches to a channel.
    ///
    /// @param folder the channel's folder, as [RelayChannel#folder()] names it
    /// @return the channel
    /// @throws org.relayfs.buffer.LayoutException the channel's layout is not known here
    /// @throws IOException it is missing or damaged, may not be opened, or has callbacks
    public static AttachedChannel attach(Path folder) throws IOException {
        ChannelMemory memory = ChannelMemory.attach(folder);
        AttachedChannel channel = new AttachedChannel(memory, Doorbell.of(folder));
        for (int slot = 0; slot < memory.slots(); slot++) {
            channel.map(slot);
        }
        return channel;
    }

    /// Looks whether the process that owns the channel lives and has not closed its relay. Once it is gone, nobody
    /// reads what is written, while writes in overwrite mode go on to succeed: attach to a channel of an owner that
    /// lives. A system call, so not for each record.
    ///
    /// @return false when the owner is gone
    public boolean isOwnerAlive() {
        return memory.isOwnerAlive();
    }

    /// Logs one record.
    ///
    /// @param source the record
    /// @return its length, or one of [org.relayfs.buffer.WriteResult]
    public int write(byte[] source) {
        return write(source, 0, source.length);
    }

    /// Logs one record.
    ///
    /// @param source from
    /// @param offset of its first byte
    /// @param length bytes
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    /// @throws IndexOutOfBoundsException the range is not in the source
    public int write(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        long here = CurrentCpu.here();
        int slot = Slots.of((int) here, writer.slots());
        int result = writer.write(slot, CurrentCpu.threadNumber(here), source, offset, length);
        return result == RecordWriter.NO_BUFFER ? writeElsewhere(source, offset, length) : result;
    }

    private int writeElsewhere(byte[] source, int offset, int length) {
        RingBuffer buffer = bufferFor(Slots.of(CurrentCpu.get(), writer.slots()));
        return buffer == null ? WriteResult.CLOSED : buffer.write(MemorySegment.ofArray(source), offset, length);
    }

    /// {@return a reservation for [#reserve], empty and reusable}
    public Reservation newReservation() {
        return new RingReservation();
    }

    /// Reserves space for one record. At most 64 reservations can be open in a buffer, those of all processes together;
    /// more are refused as [org.relayfs.buffer.WriteResult#STRAGGLER].
    ///
    /// @param reservation takes it; made by [#newReservation()], not open
    /// @param length      bytes
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    public int reserve(Reservation reservation, int length) {
        RingBuffer buffer = bufferFor(Slots.of(CurrentCpu.get(), writer.slots()));
        return buffer == null ? WriteResult.CLOSED : buffer.reserve(reservation, length);
    }

    private RingBuffer bufferFor(int slot) {
        RingBuffer own = writer.buffer(slot);
        long now = System.nanoTime();
        if (own == null && now - lookedNs > LOOK_NS) {
            lookedNs = now;
            own = map(slot);
        }
        for (int other = 0; own == null && other < writer.slots(); other++) {
            own = writer.buffer(other);
        }
        return own;
    }

    private synchronized RingBuffer map(int slot) {
        if (closed || writer.buffer(slot) != null) {
            return writer.buffer(slot);
        }
        try {
            RingBuffer buffer = memory.attachBuffer(slot);
            if (buffer != null) {
                buffer.wakeThrough(doorbell::ring);
                writer.add(slot, buffer);
            }
            return buffer;
        } catch (IOException e) {
            // The owner is just removing the channel: what is already mapped keeps working.
            return null;
        }
    }

    /// Releases this process's slot in the channel; from now on writes are refused. No thread may be writing or
    /// hold a reservation at that moment.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            writer.removeAll();
            memory.detach();
        }
        Reference.reachabilityFence(memory);
    }
}
