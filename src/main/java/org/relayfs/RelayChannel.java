package org.relayfs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.linux.Cpus;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.ring.ChannelPlace;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;
import org.relayfs.ring.RingReservation;
import org.relayfs.ring.Slots;
import org.relayfs.ring.TextEvents;
import org.relayfs.ring.TimedWrite;

/// A channel: one buffer for each CPU (or one for all), relay's `rchan`.
///
/// Writing: any number of threads, platform or virtual; lock-free, no system call, no allocation. Everything else:
/// any thread; opening, closing and adding a buffer take the channel's lock. After [#close()] a write is refused
/// with [org.relayfs.buffer.WriteResult#CLOSED], and what was written stays readable through the buffers.
public final class RelayChannel implements AutoCloseable {
    private final Relay relay;
    private final int possibleCpus;
    private final boolean adopted;

    // Guarded by this: the state, the name and which buffers there are. Taken after the relay's lock, never before
    // it.
    private final Generations generations;
    private final LateBuffers late;
    // That of the present generation. Read without any order: a thread that sees an older one is refused there and led
    // on, see [RingBuffer#handOverTo]; what it sees through it is published by final fields and by the writer itself.
    private RecordWriter writer;
    // Null in a channel of records.
    private final Events events;
    private volatile String name;
    private volatile boolean enabled;
    private volatile boolean closed;

    RelayChannel(Relay relay, String name, ChannelConfig config, ChannelPlace place, Cpus cpus) throws IOException {
        this.relay = relay;
        this.name = name;
        this.possibleCpus = cpus.possible();
        this.adopted = false;
        this.enabled = true;
        this.generations = new Generations(this, config, place, cpus);
        this.late = new LateBuffers(relay, this, generations);
        this.writer = generations.present().recordWriter();
        this.events = newEvents();
    }

    private Events newEvents() {
        Generation present = generations.present();
        return present.config().events()
                ? new Events(present.memory().types(), present.writer(), late::of, this::name)
                : null;
    }

    /// Takes a channel over whose owner is dead.
    RelayChannel(Relay relay, AdoptedChannel adopted, Cpus cpus) throws IOException {
        this.relay = relay;
        this.name = adopted.settings().name();
        this.possibleCpus = cpus.possible();
        this.adopted = true;
        this.enabled = adopted.isEnabled();
        this.generations = new Generations(this, adopted, relay::take, relay::giveBack);
        this.late = new LateBuffers(relay, this, generations);
        this.writer = generations.present().recordWriter();
        this.events = newEvents();
    }

    /// {@return true when it was made by a process that is dead, see [Relay#adopt]}
    public boolean isAdopted() {
        return adopted;
    }

    /// {@return its name: the path of its directory, without leading or trailing slash; null while it is unnamed}
    public String name() {
        return name;
    }

    /// {@return its settings, with the geometry of the last resize}
    public ChannelConfig config() {
        return generations.present().config();
    }

    /// {@return its folder of shared memory, which another process may attach to; gone once the channel is closed}
    public Path folder() {
        return generations.place().folder();
    }

    /// Logs one record into the current CPU's buffer.
    ///
    /// @param source the record
    /// @return its length, or one of [org.relayfs.buffer.WriteResult]
    public int write(byte[] source) {
        return write(source, 0, source.length);
    }

    /// Logs one record into the current CPU's buffer.
    ///
    /// @param source from
    /// @param offset of its first byte
    /// @param length bytes
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    /// @throws IndexOutOfBoundsException the range is not in the source
    public int write(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        long here = CurrentCpu.here();
        RecordWriter present = writer;
        int slot = Slots.of((int) here, present.slots());
        int result = present.write(slot, CurrentCpu.threadNumber(here), source, offset, length);
        return result == RecordWriter.NO_BUFFER
                ? late.of(slot).write(MemorySegment.ofArray(source), offset, length)
                : result;
    }

    /// Logs the remaining bytes as one record into the current CPU's buffer.
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

    /// Logs one record into the current CPU's buffer.
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
        RecordWriter present = writer;
        int slot = Slots.of((int) here, present.slots());
        int result = present.write(slot, CurrentCpu.threadNumber(here), source, offset, length);
        return result == RecordWriter.NO_BUFFER ? late.of(slot).write(source, offset, length) : result;
    }

    /// Logs a text as one record into the current CPU's buffer: as UTF-8, without making a String or an array
    /// of it. A surrogate without its other half is logged as a question mark. Nothing is added, no end of
    /// line either.
    ///
    /// @param text of the record
    /// @return its length in bytes, or one of [org.relayfs.buffer.WriteResult]
    public int write(CharSequence text) {
        TextRecord record = TextRecord.of(text, config().subBufferSize());
        try {
            return config().events() ? writeText(-1, record.segment()) : write(record.bytes(), 0, record.length());
        } finally {
            record.free();
        }
    }

    /// Logs one record into the current CPU's buffer, and waits while a channel that does not overwrite is
    /// full. The thread sleeps; a reader wakes it. Attempts that are refused meanwhile count nowhere.
    /// Whatever else refuses a record does so at once, also meanwhile: [#setEnabled], [#close()]. Callbacks
    /// decide without a wait.
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

    /// Logs one record into the current CPU's buffer, and waits as [#write(byte\[\], long, TimeUnit)] does.
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
        RecordWriter present = writer;
        int slot = Slots.of((int) here, present.slots());
        int result = present.writeAtOnce(slot, CurrentCpu.threadNumber(here), source, offset, length);
        return result == RecordWriter.NOT_YET
                ? TimedWrite.write(late.of(slot), source, offset, length, timeoutNs)
                : result;
    }

    /// Logs one record into the buffer of a given CPU; created if the CPU is possible and has none yet.
    ///
    /// @param cpu    its number
    /// @param source from
    /// @param offset of its first byte
    /// @param length bytes
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    /// @throws IllegalArgumentException there can be no such CPU
    /// @throws IndexOutOfBoundsException the range is not in the source
    public int writeTo(int cpu, MemorySegment source, long offset, int length) {
        if (cpu < 0 || cpu >= possibleCpus) {
            throw new IllegalArgumentException("CPU: cpu=" + cpu + ", limit=0.." + (possibleCpus - 1)
                    + "; write() takes the one that the thread runs on");
        }
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        return late.of(Slots.of(cpu, writer.slots())).write(source, offset, length);
    }

    /// Logs a text, as what is written to a file is logged: a `text` event in a channel of events, without an end of
    /// line at its end; a `bytes` event there if it is no UTF-8 or holds a NUL; a record like any other
    /// elsewhere.
    ///
    /// @param cpu    number of the CPU in whose buffer, -1 for the current one
    /// @param source all of the text
    /// @return its length, or one of [org.relayfs.buffer.WriteResult]
    /// @throws IllegalArgumentException there can be no such CPU
    public int writeText(int cpu, MemorySegment source) {
        if (cpu < -1 || cpu >= possibleCpus) {
            throw new IllegalArgumentException("CPU: cpu=" + cpu + ", limit=-1.." + (possibleCpus - 1));
        }
        RingBuffer buffer = late.of(Slots.of(cpu < 0 ? CurrentCpu.get() : cpu, writer.slots()));
        return TextEvents.write(buffer, source, 0, Math.toIntExact(source.byteSize()));
    }

    /// {@return the types of its events, and their logs}
    ///
    /// @throws IllegalStateException it is no channel of events
    public Events events() {
        return Events.require(events, name);
    }

    /// {@return a reservation for [#reserve], empty and ready for use again and again}
    public Reservation newReservation() {
        return new RingReservation();
    }

    /// Reserves space for one record, or for the payload of a `bytes` event, in the current CPU's buffer:
    /// `relay_reserve`. At most 64 reservations can be
    /// open in a buffer; more are refused as [org.relayfs.buffer.WriteResult#STRAGGLER].
    ///
    /// @param reservation takes it; made by [#newReservation()], not open
    /// @param length      bytes, 0 or more
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    /// @throws IllegalStateException the reservation is open
    public int reserve(Reservation reservation, int length) {
        return late.of(Slots.of(CurrentCpu.get(), writer.slots())).reserve(reservation, length);
    }

    /// {@return the buffer of a slot that had none, or null when there is one or the channel is closed}
    synchronized RingBuffer addMissing(int slot) throws IOException {
        return closed || generations.present().writer().buffer(slot) != null
                ? null
                : generations.addBuffer(slot, enabled);
    }

    long bufferBytes() {
        return generations.present().memory().bufferBytes();
    }

    /// Gives the channel another geometry while it lives. Records that nobody has read stay, and are read first and
    /// in order; no record is refused for it. Threads and attached processes that write need not know. A
    /// reservation that is open is committed where it was made.
    ///
    /// The files are new ones, with the old names. A file that was opened before goes on to deliver all records by
    /// read; who has mapped it finds its end, and what comes later in the new file. P and C of the new buffers
    /// begin at 0; [#stats()], `st_size` and [#dropped()] go on. The client of a channel with callbacks sees the
    /// new buffers created and started, then the old files removed; not to be called from a callback.
    ///
    /// The memory of the old buffers is given back when all that was in them has been read; until then it counts.
    /// Takes the locks of relay and channel. Nothing happens if the geometry is the present one.
    ///
    /// @param subBufferSize  S in bytes; S times N is 1 to 2 GiB
    /// @param subBufferCount N, 1 to 524,288
    /// @throws IllegalArgumentException a value is out of range
    /// @throws IllegalStateException it is closed, or has been resized 8 times without having been read
    /// @throws QuotaException there is not enough memory; nothing has changed
    /// @throws IOException it cannot be done; nothing has changed
    public void resize(long subBufferSize, int subBufferCount) throws IOException {
        relay.resize(this, subBufferSize, subBufferCount);
    }

    ChannelPlace place() {
        return generations.place();
    }

    /// {@return the number of the next generation}
    synchronized int nextGeneration() {
        if (closed) {
            throw new IllegalStateException("channel " + name + ": it is closed");
        }
        return generations.nextNumber();
    }

    synchronized void moveTo(ChannelConfig config, ChannelPlace place, Cpus cpus) throws IOException {
        generations.moveTo(config, place, cpus, enabled, relay::giveBack);
        writer = generations.present().recordWriter();
        if (events != null) {
            events.moveTo(generations.present().writer());
        }
    }

    /// {@return the buffers, and those of former generations that hold records which nobody has read}
    List<RingBuffer> allRings() {
        return generations.allRings();
    }

    /// `relay_flush` on every buffer.
    public void flush() {
        rings().forEach(RingBuffer::flush);
    }

    /// `relay_reset` on every buffer, see [ChannelBuffer#reset()].
    public void reset() {
        rings().forEach(RingBuffer::reset);
    }

    /// `relay_subbufs_consumed`; ignored when the CPU has no buffer.
    ///
    /// @param cpu   its number; any for a global channel
    /// @param count sub-buffers; ignored when more than N, clamped to P
    public void subBuffersConsumed(int cpu, long count) {
        RecordWriter present = generations.present().writer();
        boolean global = config().global();
        if (cpu >= 0 && (cpu < present.slots() || global)) {
            RingBuffer buffer = present.buffer(global ? 0 : cpu);
            if (buffer != null) {
                buffer.subBuffersConsumed(count);
            }
        }
    }

    /// Enables logging, or disables it and flushes.
    ///
    /// @param value true to log
    public synchronized void setEnabled(boolean value) {
        if (closed || enabled == value) {
            return;
        }
        enabled = value;
        generations.present().setState(value ? ChannelHeader.STATE_ENABLED : ChannelHeader.STATE_DISABLED);
        rings().forEach(ring -> ring.setLive(value));
        if (!value) {
            flush();
        }
    }

    /// {@return true while logging is enabled}
    public boolean isEnabled() {
        return enabled && !closed;
    }

    /// {@return true once it has been closed}
    public boolean isClosed() {
        return closed;
    }

    /// {@return the buffers that exist now, ascending by CPU; one for a global channel}
    public List<ChannelBuffer> buffers() {
        return List.copyOf(rings());
    }

    List<RingBuffer> rings() {
        return generations.present().rings();
    }

    /// {@return where its file is: a name in the channel's directory, or a path inside the mount that begins with a
    /// slash; null while the channel is unnamed}
    ///
    /// @param buffer one of this channel's
    public synchronized String fileName(ChannelBuffer buffer) {
        return generations.files().name(buffer);
    }

    /// Gives an unnamed channel its name and its files: `relay_late_setup_files`. `st_size` includes what was
    /// produced before.
    ///
    /// @param newName path of its directory
    /// @throws IllegalArgumentException not a name
    /// @throws IllegalStateException it has a name, the name is taken, or it is closed
    /// @throws IOException its client refuses a file; the channel stays unnamed
    public void publish(String newName) throws IOException {
        relay.publish(this, newName);
    }

    synchronized void setName(String newName) throws IOException {
        generations.files().publish(newName);
        generations.keepSettings(newName);
        name = newName;
    }

    /// {@return the counters of each buffer}
    public List<BufferStats> stats() {
        return rings().stream().map(RingBuffer::stats).toList();
    }

    /// {@return the number of records refused by all buffers as full, too big or straggler; what was accepted in the
    /// place of older records is none of them}
    public long dropped() {
        return rings().stream().mapToLong(RingBuffer::dropped).sum();
    }

    /// {@return bytes of shared memory reserved for it, with what former generations hold until it is read, and the
    /// types of its events}
    public long reservedBytes() {
        return generations.bytes() + (events == null ? 0 : MemoryQuota.typesBytes(folder()));
    }

    /// `relay_close`: from now on writes are refused; pollers are woken; the files and the folder are removed.
    /// Buffers that somebody holds (an open descriptor, a mapping, a Java reference) stay readable to the last
    /// byte. Idempotent.
    @Override
    public void close() {
        relay.close(this);
    }

    /// Closes it, once; returns false if it was closed before.
    synchronized boolean finish() {
        if (closed) {
            return false;
        }
        closed = true;
        relay.giveBack(generations.close());
        return true;
    }

    /// Tells the client that the files are gone, all of them, and then throws what the client threw.
    void removeFiles() {
        RuntimeException failure = generations.files().tellRemoved();
        if (failure != null) {
            throw failure;
        }
    }
}
