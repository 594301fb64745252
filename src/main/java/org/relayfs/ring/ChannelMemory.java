package org.relayfs.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import org.relayfs.buffer.LayoutException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.linux.Cpus;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.MappedFile;
import org.relayfs.memory.MappingLimit;
import org.relayfs.memory.SharedFolder;

/// A channel's folder of shared memory: `meta` and a data file for each buffer. Not thread-safe except for
/// [#remove()].
public final class ChannelMemory {
    private static final long PAGE = 4096;

    private final Path folder;
    private final Geometry geometry;
    private final MappedFile meta;
    private final long stride;
    private final int slots;
    private final ProcessTable processes;
    /// The data files of buffers that this process has made.
    private final List<MappedFile> made = new CopyOnWriteArrayList<>();

    private ChannelMemory(Path folder, Geometry geometry, MappedFile meta, int slots, ProcessTable processes) {
        this.folder = folder;
        this.geometry = geometry;
        this.meta = meta;
        this.stride = BufferHeader.regionStride(geometry.subBufferCount());
        this.slots = slots;
        this.processes = processes;
    }

    /// Makes the folder and `meta` of a new channel; nobody else can use it before [#publish()].
    public static ChannelMemory create(ChannelPlace place, ChannelShape shape, Cpus cpus) throws IOException {
        Path folder = place.folder();
        Geometry geometry = shape.geometry();
        int slots = shape.global() ? 1 : cpus.possible();
        MappingLimit.require(1 + (shape.global() ? 1 : cpus.online().size()), folder);
        SharedFolder.createInside(folder);
        long stride = BufferHeader.regionStride(geometry.subBufferCount());
        MappedFile meta =
                MappedFile.create(folder.resolve("meta"), ChannelHeader.SIZE + slots * stride, ChannelHeader.SIZE);
        long header = meta.address();
        ChannelHeader.setWordPlain(header, ChannelHeader.MAGIC_OFFSET, ChannelHeader.MAGIC);
        ChannelHeader.setWordPlain(header, ChannelHeader.SUB_BUFFER_SIZE_OFFSET, geometry.subBufferSize());
        ChannelHeader.setWordPlain(header, ChannelHeader.SUB_BUFFER_COUNT_OFFSET, geometry.subBufferCount());
        ChannelHeader.setWordPlain(header, ChannelHeader.FLAGS_OFFSET, flags(shape));
        ChannelHeader.setWordPlain(header, ChannelHeader.BUFFER_SLOTS_OFFSET, slots);
        ChannelHeader.setWordPlain(header, ChannelHeader.BUFFER_STRIDE_OFFSET, stride);
        ChannelHeader.setWordPlain(header, ChannelHeader.ABANDON_AFTER_OFFSET, shape.abandonAfterNs());
        ChannelHeader.setStateVolatile(header, ChannelHeader.STATE_ENABLED);
        ProcessTable processes = ProcessTable.create(meta, place.locks(), place.serial());
        return new ChannelMemory(folder, geometry, meta, slots, processes);
    }

    private static long flags(ChannelShape shape) {
        return (shape.overwrite() ? ChannelHeader.FLAG_OVERWRITE : 0)
                | (shape.geometry().headerLength() > 0 ? ChannelHeader.FLAG_PADDING_HEADER : 0)
                | (shape.global() ? ChannelHeader.FLAG_GLOBAL : 0)
                | (shape.policy() != null ? ChannelHeader.FLAG_CALLBACKS : 0);
    }

    /// Maps the memory of a channel that another process owns, and takes a place in its table of processes.
    public static ChannelMemory attach(Path folder) throws IOException {
        MappedFile meta = MappedFile.open(folder.resolve("meta"), ChannelHeader.SIZE);
        long header = meta.address();
        long version = ChannelHeader.versionAcquire(header);
        long magic = ChannelHeader.wordPlain(header, ChannelHeader.MAGIC_OFFSET);
        if (version != ChannelHeader.LAYOUT_VERSION || magic != ChannelHeader.MAGIC) {
            throw new LayoutException(folder, version, ChannelHeader.LAYOUT_VERSION);
        }
        long flags = ChannelHeader.wordPlain(header, ChannelHeader.FLAGS_OFFSET);
        if ((flags & ChannelHeader.FLAG_CALLBACKS) != 0) {
            throw new IOException(folder + ": it has callbacks, so only its owner can write to it");
        }
        long count = ChannelHeader.wordPlain(header, ChannelHeader.SUB_BUFFER_COUNT_OFFSET);
        long slots = ChannelHeader.wordPlain(header, ChannelHeader.BUFFER_SLOTS_OFFSET);
        Geometry geometry;
        try {
            geometry = new Geometry(
                    ChannelHeader.wordPlain(header, ChannelHeader.SUB_BUFFER_SIZE_OFFSET),
                    Math.toIntExact(count),
                    (flags & ChannelHeader.FLAG_PADDING_HEADER) != 0 ? 8 : 0);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException(folder + ": meta is damaged: " + e.getMessage(), e);
        }
        long stride = BufferHeader.regionStride(geometry.subBufferCount());
        boolean fits = slots >= 1
                && slots <= Cpus.MAX_CPUS
                && stride == ChannelHeader.wordPlain(header, ChannelHeader.BUFFER_STRIDE_OFFSET)
                && meta.memory().byteSize() >= ChannelHeader.SIZE + slots * stride;
        if (!fits) {
            throw new IOException(folder + ": meta is damaged: slots=" + slots + ", length="
                    + meta.memory().byteSize());
        }
        return new ChannelMemory(
                folder, geometry, meta, (int) slots, enter(folder, geometry, meta, (int) slots, stride));
    }

    private static ProcessTable enter(Path folder, Geometry geometry, MappedFile meta, int slots, long stride)
            throws IOException {
        LivenessLocks locks = LivenessLocks.open(folder.toAbsolutePath().getParent());
        try {
            IntPredicate isReusable = process -> !hasInFlight(folder, geometry, meta.address(), process, slots, stride);
            return ProcessTable.attach(meta, locks, isReusable, folder);
        } catch (IOException e) {
            locks.close();
            throw e;
        }
    }

    // What a dead process had in flight is found by its slot: the slot stays its own until those bytes are given up.
    private static boolean hasInFlight(
            Path folder, Geometry geometry, long header, int process, int slots, long stride) {
        boolean any = false;
        for (int slot = 0; slot < slots; slot++) {
            // The memory of a region without a buffer is not allocated yet, and a look would allocate it.
            if (Files.exists(dataPath(folder, slot))) {
                long region = header + ChannelHeader.SIZE + slot * stride;
                any |= DeadWriters.isInFlight(geometry, header, region, process);
            }
        }
        return any;
    }

    /// Releases this process's slot. Only when none of its threads writes any more.
    public void detach() {
        processes.detach();
    }

    /// Makes the channel usable for other processes.
    public void publish() {
        ChannelHeader.versionRelease(headerAddress(), ChannelHeader.LAYOUT_VERSION);
    }

    /// Makes the memory of a new buffer and starts it.
    public RingBuffer createBuffer(int slot, int cpu, ChannelShape shape, boolean live) throws IOException {
        long offset = ChannelHeader.SIZE + slot * stride;
        MappingLimit.require(1, folder);
        meta.reserve(offset, BufferHeader.regionSize(geometry.subBufferCount()));
        long length = dataSize(geometry);
        MappedFile data = MappedFile.create(dataPath(slot), length, length);
        made.add(data);
        RingBuffer.initialize(geometry, meta.address() + offset, cpu);
        RingBuffer buffer = new RingBuffer(geometry, shape.overwrite(), shape.policy(), meta, offset, data, processes);
        buffer.begin(live);
        return buffer;
    }

    /// Removes the data file of a buffer that was not wanted after all.
    public void removeBuffer(int slot) throws IOException {
        Files.deleteIfExists(dataPath(slot));
    }

    /// Maps a buffer that the owner has made, or returns null when there is none for that slot.
    public RingBuffer attachBuffer(int slot) throws IOException {
        long region = ChannelHeader.SIZE + slot * stride;
        // Its reserve word is written last.
        if (!Files.exists(dataPath(slot)) || BufferHeader.reserveVolatile(headerAddress() + region) == 0) {
            return null;
        }
        MappingLimit.require(1, folder);
        MappedFile data = MappedFile.open(dataPath(slot), dataSize(geometry));
        boolean overwrite =
                (ChannelHeader.wordPlain(headerAddress(), ChannelHeader.FLAGS_OFFSET) & ChannelHeader.FLAG_OVERWRITE)
                        != 0;
        return new RingBuffer(geometry, overwrite, null, meta, region, data, processes);
    }

    public static long dataSize(Geometry geometry) {
        return (geometry.bufferSize() + PAGE - 1) & -PAGE;
    }

    /// Bytes that one buffer takes, its region in `meta` included.
    public long bufferBytes() {
        return dataSize(geometry) + BufferHeader.regionSize(geometry.subBufferCount());
    }

    /// Gives the memory back at once. For a channel that could not be completed: nobody has seen it.
    public void discard() {
        made.forEach(MappedFile::discard);
        meta.discard();
    }

    public void remove() throws IOException {
        made.forEach(MappedFile::markRemoved);
        SharedFolder.remove(folder);
    }

    private Path dataPath(int slot) {
        return dataPath(folder, slot);
    }

    private static Path dataPath(Path folder, int slot) {
        return folder.resolve("cpu" + slot);
    }

    public Path folder() {
        return folder;
    }

    public Geometry geometry() {
        return geometry;
    }

    public long headerAddress() {
        return meta.address();
    }

    public long firstRegion() {
        return meta.address() + ChannelHeader.SIZE;
    }

    public long stride() {
        return stride;
    }

    public int slots() {
        return slots;
    }

    /// {@return false when the owner has died or closed the channel's relay}
    public boolean isOwnerAlive() {
        return processes.isOwnerAlive();
    }

    public int processSlot() {
        return processes.slot();
    }
}
