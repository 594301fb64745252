package org.relayfs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.linux.Cpus;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.ring.ChannelMemory;
import org.relayfs.ring.ChannelPlace;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;
import org.relayfs.ring.RingReservation;
import org.relayfs.ring.Slots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A channel: one buffer for each CPU (or one for all), relay's `rchan`.
///
/// Writing: any number of threads, platform or virtual; lock-free, no system call, no allocation. Everything else:
/// any thread; opening, closing and adding a buffer take the channel's lock. After [#close()] a write is refused
/// with [org.relayfs.buffer.WriteResult#CLOSED], and what was written stays readable through the buffers.
public final class RelayChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayChannel.class);

    private final Relay relay;
    private final ChannelConfig config;
    private final ChannelMemory memory;
    private final RecordWriter writer;

    private final int possibleCpus;

    // Guarded by this: the state, the name and which buffers there are. Taken after the relay's lock, never before
    // it.
    private final BufferFileNames files;
    // CPUs whose buffer could not be created: not tried again with each record.
    private final Set<Integer> withoutBuffer = ConcurrentHashMap.newKeySet();
    private volatile String name;
    private volatile boolean enabled = true;
    private volatile boolean closed;

    RelayChannel(Relay relay, String name, ChannelConfig config, ChannelPlace place, Cpus cpus) throws IOException {
        this.relay = relay;
        this.name = name;
        this.config = config;
        this.memory = ChannelMemory.create(place, config.shape(), cpus);
        this.writer = new RecordWriter(
                memory.geometry(), memory.firstRegion(), memory.stride(), memory.slots(), memory.processSlot());
        this.possibleCpus = cpus.possible();
        this.files = new BufferFileNames(config, cpus.online().getFirst());
        try {
            for (int cpu : config.global() ? cpus.online().subList(0, 1) : cpus.online()) {
                addBuffer(config.global() ? 0 : cpu);
            }
        } catch (IOException | RuntimeException e) {
            RuntimeException failure = files.tellRemoved();
            if (failure != null) {
                e.addSuppressed(failure);
            }
            if (config.callbacks() == null) {
                // No client has been handed a buffer.
                memory.discard();
            }
            throw e;
        }
        memory.publish();
    }

    /// The memory in bytes that the buffers of a channel with this configuration take at its creation.
    static long bytesAtStart(ChannelConfig config, Cpus cpus) {
        long stride = BufferHeader.regionSize(config.subBufferCount());
        int buffers = config.global() ? 1 : cpus.online().size();
        return ChannelHeader.SIZE
                + buffers * (ChannelMemory.dataSize(config.shape().geometry()) + stride);
    }

    private synchronized RingBuffer addBuffer(int slot) throws IOException {
        boolean added = false;
        try {
            RingBuffer buffer = memory.createBuffer(slot, slot, config.shape(), enabled);
            buffer.onDamage(what -> LOG.error(
                    "channel {}: the shared memory of CPU {} is damaged: {}; destroy the channel and create it again",
                    name,
                    slot,
                    what));
            files.add(name, buffer);
            writer.add(slot, buffer);
            added = true;
            return buffer;
        } finally {
            if (!added) {
                memory.removeBuffer(slot);
            }
        }
    }

    /// {@return its name: the path of its directory, without leading or trailing slash; null while it is unnamed}
    public String name() {
        return name;
    }

    /// {@return its settings}
    public ChannelConfig config() {
        return config;
    }

    /// {@return its folder of shared memory, which another process may attach to; gone once the channel is closed}
    public Path folder() {
        return memory.folder();
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
        int slot = Slots.of((int) here, writer.slots());
        int result = writer.write(slot, CurrentCpu.threadNumber(here), source, offset, length);
        return result == RecordWriter.NO_BUFFER
                ? bufferFor(slot).write(MemorySegment.ofArray(source), offset, length)
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
        int slot = Slots.of((int) here, writer.slots());
        int result = writer.write(slot, CurrentCpu.threadNumber(here), source, offset, length);
        return result == RecordWriter.NO_BUFFER ? bufferFor(slot).write(source, offset, length) : result;
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
        return bufferFor(Slots.of(cpu, writer.slots())).write(source, offset, length);
    }

    /// {@return a reservation for [#reserve], empty and ready for use again and again}
    public Reservation newReservation() {
        return new RingReservation();
    }

    /// Reserves space for one record in the current CPU's buffer: `relay_reserve`. At most 64 reservations can be open
    /// in a buffer; more are refused as [org.relayfs.buffer.WriteResult#STRAGGLER].
    ///
    /// @param reservation takes it; made by [#newReservation()], not open
    /// @param length      bytes, 0 or more
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    /// @throws IllegalStateException the reservation is open
    public int reserve(Reservation reservation, int length) {
        return bufferFor(Slots.of(CurrentCpu.get(), writer.slots())).reserve(reservation, length);
    }

    /// The buffer of a slot, created if it is missing; another one if it cannot be created.
    private RingBuffer bufferFor(int slot) {
        RingBuffer buffer = writer.buffer(slot);
        return buffer != null ? buffer : makeLate(slot);
    }

    private RingBuffer makeLate(int slot) {
        if (!closed && !withoutBuffer.contains(slot)) {
            try {
                relay.addBuffer(this, slot);
            } catch (IOException | RuntimeException e) {
                withoutBuffer.add(slot);
                LOG.warn(
                        "channel {}: no buffer for CPU {}: {}; its records go to another buffer",
                        name,
                        slot,
                        e.getMessage());
            }
        }
        RingBuffer buffer = writer.buffer(slot);
        for (int other = 0; buffer == null; other++) {
            buffer = writer.buffer(other);
        }
        return buffer;
    }

    /// {@return the buffer of a slot that had none, or null when there is one or the channel is closed}
    synchronized RingBuffer addMissing(int slot) throws IOException {
        return closed || writer.buffer(slot) != null ? null : addBuffer(slot);
    }

    long bufferBytes() {
        return memory.bufferBytes();
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
        if (cpu >= 0 && (cpu < writer.slots() || config.global())) {
            RingBuffer buffer = writer.buffer(config.global() ? 0 : cpu);
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
        ChannelHeader.setStateVolatile(
                memory.headerAddress(), value ? ChannelHeader.STATE_ENABLED : ChannelHeader.STATE_DISABLED);
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
        List<RingBuffer> buffers = new ArrayList<>();
        for (int slot = 0; slot < writer.slots(); slot++) {
            if (writer.buffer(slot) != null) {
                buffers.add(writer.buffer(slot));
            }
        }
        return buffers;
    }

    /// {@return the name of its file; null while the channel is unnamed}
    ///
    /// @param buffer one of this channel's
    public synchronized String fileName(ChannelBuffer buffer) {
        return files.name(buffer);
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
        files.publish(newName);
        name = newName;
    }

    /// {@return the counters of each buffer}
    public List<BufferStats> stats() {
        return rings().stream().map(RingBuffer::stats).toList();
    }

    /// {@return the number of records refused by all buffers as full, too big or straggler}
    public long dropped() {
        return stats().stream()
                .mapToLong(s -> s.full() + s.big() + s.straggler())
                .sum();
    }

    /// {@return bytes of shared memory reserved for it}
    public long reservedBytes() {
        return ChannelHeader.SIZE + buffers().size() * memory.bufferBytes();
    }

    /// `relay_close`: from now on writes are refused; pollers are woken; the files and the folder are removed.
    /// Buffers that somebody holds (an open descriptor, a mapping, a Java reference) stay readable to the last
    /// byte. Idempotent.
    @Override
    public void close() {
        relay.close(this);
    }

    /// Closes it, once; returns false if it was closed before.
    boolean finish() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            rings().forEach(RingBuffer::finalizeBuffer);
            ChannelHeader.setStateVolatile(memory.headerAddress(), ChannelHeader.STATE_CLOSED);
        }
        try {
            memory.remove();
        } catch (IOException e) {
            LOG.warn("channel {}: {} could not be removed: {}", name, memory.folder(), e.getMessage());
        }
        return true;
    }

    /// Tells the client that the files are gone, all of them, and then throws what the client threw.
    void removeFiles() {
        RuntimeException failure = files.tellRemoved();
        if (failure != null) {
            throw failure;
        }
    }
}
