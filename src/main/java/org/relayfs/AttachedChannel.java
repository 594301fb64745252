package org.relayfs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;
import org.relayfs.ring.RingReservation;
import org.relayfs.ring.Slots;
import org.relayfs.ring.TextEvents;
import org.relayfs.ring.TimedWrite;

/// A channel of another process, opened for writing through shared memory, without a system call per record. Any
/// number of threads may write.
///
/// Records go to the buffer of the current CPU or, if the owner has no buffer for that CPU, to the first buffer
/// there is. If this process dies in the middle of a record, the owner gives its bytes up. If the owner dies,
/// writes keep succeeding (overwrite) or are refused as full (no-overwrite), and nobody reads them for the time
/// being;
/// [#isOwnerAlive()] tells. Another process may take the memory over ([Relay#adopt], `relayfs mount --adopt`): then
/// all of it goes on, without attaching again.
public final class AttachedChannel implements AutoCloseable {
    private final Attachments attachments;
    // That of the present generation. Read without any order, as in [RelayChannel].
    private RecordWriter writer;

    private AttachedChannel(Path path) throws IOException {
        this.attachments = new Attachments(path, present -> writer = present);
    }

    /// Attaches to a channel.
    ///
    /// @param path the channel's directory on a mount, where the file `memory` names its shared memory, or
    ///             its folder of shared memory, as [RelayChannel#folder()] does. No class of the mount
    ///             is loaded
    /// @return the channel
    /// @throws org.relayfs.buffer.LayoutException the channel's layout is not known here
    /// @throws IOException it is missing or damaged, is not created, may not be opened, or has callbacks
    public static AttachedChannel attach(Path path) throws IOException {
        return new AttachedChannel(path);
    }

    /// Looks whether the process that owns the channel lives and has not closed its relay. Once it is gone, nobody
    /// reads what is written, while writes in overwrite mode go on to succeed: wait for a process that takes it
    /// over, or attach to a channel of an owner that lives. A system call, so not for each record.
    ///
    /// @return false when the owner is gone
    public boolean isOwnerAlive() {
        return attachments.isOwnerAlive();
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
        RecordWriter to = writer;
        int slot = Slots.of((int) here, to.slots());
        int result = to.write(slot, CurrentCpu.threadNumber(here), source, offset, length);
        return result == RecordWriter.NO_BUFFER
                ? write(attachments.bufferForThisCpu(), MemorySegment.ofArray(source), offset, length)
                : result;
    }

    /// Logs the remaining bytes as one record.
    ///
    /// @param source from its position to its limit; consumed if the record was accepted
    /// @return the record's length, or one of [org.relayfs.buffer.WriteResult]
    public int write(ByteBuffer source) {
        int length = source.remaining();
        int result = source.hasArray()
                ? write(source.array(), source.arrayOffset() + source.position(), length)
                : write(MemorySegment.ofBuffer(source), 0, length);
        if (result >= 0) {
            source.position(source.limit());
        }
        return result;
    }

    /// Logs one record.
    ///
    /// @param source from
    /// @param offset of its first byte
    /// @param length bytes
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    /// @throws IndexOutOfBoundsException the range is not in the source
    /// @throws IllegalStateException the source was closed; nothing is logged
    public int write(MemorySegment source, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        long here = CurrentCpu.here();
        RecordWriter to = writer;
        int slot = Slots.of((int) here, to.slots());
        int result = to.write(slot, CurrentCpu.threadNumber(here), source, offset, length);
        return result == RecordWriter.NO_BUFFER
                ? write(attachments.bufferForThisCpu(), source, offset, length)
                : result;
    }

    private static int write(RingBuffer buffer, MemorySegment source, long offset, int length) {
        return buffer == null ? WriteResult.CLOSED : buffer.write(source, offset, length);
    }

    /// Logs a text as one record: as UTF-8, without making a String or an array of it. A surrogate without
    /// its other half is logged as a question mark. Nothing is added, no end of line either.
    ///
    /// @param text of the record
    /// @return its length in bytes, or one of [org.relayfs.buffer.WriteResult]
    public int write(CharSequence text) {
        TextRecord record = TextRecord.of(text, attachments.subBufferSize());
        try {
            return attachments.hasEvents() ? writeText(record.segment()) : write(record.bytes(), 0, record.length());
        } finally {
            record.free();
        }
    }

    private int writeText(MemorySegment text) {
        RingBuffer buffer = attachments.bufferForThisCpu();
        return buffer == null ? WriteResult.CLOSED : TextEvents.write(buffer, text, 0, (int) text.byteSize());
    }

    /// Logs one record, and waits while a channel that does not overwrite is full. The thread sleeps; the owner
    /// wakes it when it has made room. Attempts that are refused meanwhile count nowhere. Whatever else refuses a
    /// record does so at once, also meanwhile. If the owner dies, it waits on: another process may adopt the
    /// channel. A platform thread that is interrupted notices within 100 ms; a virtual thread looks every two
    /// milliseconds.
    ///
    /// @param source  the record
    /// @param timeout to wait at most; 0: as without
    /// @param unit    of that time
    /// @return its length, or one of [org.relayfs.buffer.WriteResult]; `FULL`: there was no room in time
    /// @throws IllegalArgumentException the time is negative
    /// @throws InterruptedException while it waited; the record is refused, and counted as `FULL`
    public int write(byte[] source, long timeout, TimeUnit unit) throws InterruptedException {
        return write(MemorySegment.ofArray(source), 0, source.length, timeout, unit);
    }

    /// Logs one record, and waits as [#write(byte\[\], long, TimeUnit)] does.
    ///
    /// @param source  from
    /// @param offset  of its first byte
    /// @param length  bytes
    /// @param timeout to wait at most; 0: as without
    /// @param unit    of that time
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]; `FULL`: there was no room in time
    /// @throws IndexOutOfBoundsException the range is not in the source
    /// @throws IllegalArgumentException the time is negative
    /// @throws IllegalStateException the source was closed; nothing is logged
    /// @throws InterruptedException while it waited; the record is refused, and counted as `FULL`
    public int write(MemorySegment source, long offset, int length, long timeout, TimeUnit unit)
            throws InterruptedException {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        long timeoutNs = TimedWrite.nanos(timeout, unit);
        long here = CurrentCpu.here();
        RecordWriter to = writer;
        int slot = Slots.of((int) here, to.slots());
        int result = to.writeAtOnce(slot, CurrentCpu.threadNumber(here), source, offset, length);
        if (result != RecordWriter.NOT_YET) {
            return result;
        }
        RingBuffer buffer = attachments.bufferForThisCpu();
        return buffer == null ? WriteResult.CLOSED : TimedWrite.write(buffer, source, offset, length, timeoutNs);
    }

    /// Logs one record into the buffer of a given CPU; if the owner has none for that, into the first there is.
    ///
    /// @param cpu    its number
    /// @param source from
    /// @param offset of its first byte
    /// @param length bytes
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    /// @throws IllegalArgumentException there can be no such CPU
    /// @throws IndexOutOfBoundsException the range is not in the source
    public int writeTo(int cpu, MemorySegment source, long offset, int length) {
        int slots = attachments.slots();
        if (cpu < 0 || cpu >= slots && slots > 1) {
            throw new IllegalArgumentException("CPU: cpu=" + cpu + ", limit=0.." + (slots - 1)
                    + "; write() takes the one that the thread runs on");
        }
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        return write(attachments.bufferFor(Slots.of(cpu, slots)), source, offset, length);
    }

    /// {@return the types of its events, and their logs}
    ///
    /// @throws IllegalStateException it is no channel of events
    public Events events() {
        return Events.require(attachments.events(), "attached");
    }

    /// {@return a reservation for [#reserve], empty and reusable}
    public Reservation newReservation() {
        return new RingReservation();
    }

    /// Reserves space for one record. At most 64 reservations can be open in a buffer, those of all processes
    /// together; more are refused as [org.relayfs.buffer.WriteResult#STRAGGLER].
    ///
    /// @param reservation takes it; made by [#newReservation()], not open
    /// @param length      bytes
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    public int reserve(Reservation reservation, int length) {
        RingBuffer buffer = attachments.bufferForThisCpu();
        return buffer == null ? WriteResult.CLOSED : buffer.reserve(reservation, length);
    }

    /// Goes on in the channel that was created anew at the path that was attached to, once writes are refused
    /// as `CLOSED` or [#isOwnerAlive()] says that nobody reads them. Threads may be writing meanwhile;
    /// reservations that are open stay where they are. A folder of shared memory is never made anew: only a
    /// directory on a mount names another.
    ///
    /// @return false when there is no channel at the path now, or still the same one: nothing has changed
    /// @throws org.relayfs.buffer.LayoutException the channel's layout is not known here
    /// @throws IOException it is damaged, may not be opened, or has callbacks; nothing has changed
    /// @throws IllegalStateException it is closed
    public boolean reattach() throws IOException {
        return attachments.reattach();
    }

    /// Releases this process's slot in the channel; from now on writes are refused. No thread may be writing or
    /// hold a reservation at that moment.
    @Override
    public void close() {
        attachments.close();
    }
}
