package org.relayfs.ring;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.linux.Cpus;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.MappedFile;
import org.relayfs.memory.MappingLimit;
import org.relayfs.memory.SharedFolder;

/// A channel's folder of shared memory: `meta` and a data file for each buffer. Not thread-safe except for
/// [#removeFiles()].
public final class ChannelMemory {
    private static final long PAGE = 4096;

    private final Path folder;
    private final int number;
    private final Geometry geometry;
    private final MappedFile meta;
    private final long stride;
    private final int slots;
    private final ProcessTable processes;
    /// Of a channel of events; else null.
    private final EventTypes types;
    private final EventCounts counts;
    /// The data files of buffers that this process has made or mapped.
    private final List<MappedFile> files = new CopyOnWriteArrayList<>();

    private ChannelMemory(
            Path folder,
            int number,
            Geometry geometry,
            MappedFile meta,
            int slots,
            ProcessTable processes,
            EventTypes types) {
        this.folder = folder;
        this.number = number;
        this.geometry = geometry;
        this.meta = meta;
        this.stride = BufferHeader.regionStride(geometry.subBufferCount());
        this.slots = slots;
        this.processes = processes;
        this.types = types;
        this.counts = types == null ? null : new EventCounts(types, processes.slot(), number);
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
        boolean makesTypes = geometry.hasEvents() && place.number() == 0;
        EventTypes types = makesTypes ? EventTypes.create(folder) : typesOf(geometry, place.number(), folder);
        return new ChannelMemory(folder, place.number(), geometry, meta, slots, processes, types);
    }

    /// The memory of a channel that this process has taken over, see [AdoptedMemory].
    static ChannelMemory ofOwner(
            Path folder, int number, Geometry geometry, MappedFile meta, int slots, ProcessTable processes)
            throws IOException {
        EventTypes types = typesOf(geometry, number, folder);
        return new ChannelMemory(folder, number, geometry, meta, slots, processes, types);
    }

    void requireTypes() throws IOException {
        if (types != null) {
            types.requireIntact();
        }
    }

    void nameOwner() throws IOException {
        processes.nameItself();
    }

    private static long flags(ChannelShape shape) {
        return (shape.overwrite() ? ChannelHeader.FLAG_OVERWRITE : 0)
                | ChannelHeader.flagsOfHeader(shape.geometry().headerLength())
                | (shape.global() ? ChannelHeader.FLAG_GLOBAL : 0)
                | (shape.policy() != null ? ChannelHeader.FLAG_CALLBACKS : 0);
    }

    /// Maps the memory of a channel that another process owns, and takes a place in its table of processes.
    ///
    /// @param channel folder of the channel
    /// @param after   number of a generation of it that takes no records any more, -1 for none
    /// @return the oldest generation that takes records
    public static ChannelMemory attach(Path channel, int after) throws IOException {
        Path owner = channel.toAbsolutePath().getParent();
        return new GenerationFolders(channel, MappedFile::open)
                .oldestOpen(after, (number, folder, meta) -> attach(owner, number, folder, meta));
    }

    private static ChannelMemory attach(Path owner, int number, Path folder, MappedFile meta) throws IOException {
        long header = meta.address();
        CheckedHeader checked = CheckedHeader.of(folder, header, meta.memory().byteSize());
        if (checked.has(ChannelHeader.FLAG_CALLBACKS)) {
            throw new IOException(folder + ": it has callbacks, so only its owner can write to it");
        }
        Geometry geometry = checked.geometry();
        int slots = checked.slots();
        EventTypes types = typesOf(geometry, number, folder);
        ProcessTable processes = enter(owner, folder, geometry, meta, slots, checked.stride());
        return new ChannelMemory(folder, number, geometry, meta, slots, processes, types);
    }

    // They belong to the channel, not to a generation.
    private static EventTypes typesOf(Geometry geometry, int number, Path folder) throws IOException {
        return geometry.hasEvents() ? EventTypes.open(number == 0 ? folder : folder.getParent()) : null;
    }

    private static ProcessTable enter(
            Path owner, Path folder, Geometry geometry, MappedFile meta, int slots, long stride) throws IOException {
        LivenessLocks locks = LivenessLocks.open(owner);
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

    /// {@return true when this process has announced something in the buffer of a slot, or claimed an entry}
    public boolean isInUse(int slot) {
        return DeadWriters.isInFlight(geometry, headerAddress(), firstRegion() + slot * stride, processes.slot());
    }

    /// Releases this process's slot. Only when none of its threads writes any more.
    public void detach() {
        processes.detach();
        // Of a generation that is over, the owner removes them.
        files.forEach(MappedFile::markRemoved);
        if (types != null) {
            types.markRemoved();
        }
    }

    /// {@return true when all buffers of the next generation have taken the place of those of this one}
    public boolean isMoved() {
        return ChannelHeader.stateVolatile(headerAddress()) == ChannelHeader.STATE_MOVED;
    }

    /// {@return true when no record is accepted here any more}
    public boolean isOver() {
        return isMoved() || ChannelHeader.stateVolatile(headerAddress()) == ChannelHeader.STATE_CLOSED;
    }

    /// {@return its number among the generations of the channel; 0 is the first}
    public int number() {
        return number;
    }

    /// {@return a writer that has no buffers yet}
    public RecordWriter newWriter() {
        RecordWriter writer = new RecordWriter(geometry, firstRegion(), stride, slots, processSlot());
        if (counts != null) {
            writer.events().countIn(counts);
        }
        return writer;
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
        files.add(data);
        RingBuffer.initialize(geometry, meta.address() + offset, cpu);
        RingBuffer buffer = new RingBuffer(geometry, shape.overwrite(), shape.policy(), meta, offset, data, processes);
        count(buffer);
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
        files.add(data);
        boolean overwrite =
                (ChannelHeader.wordPlain(headerAddress(), ChannelHeader.FLAGS_OFFSET) & ChannelHeader.FLAG_OVERWRITE)
                        != 0;
        RingBuffer buffer = new RingBuffer(geometry, overwrite, null, meta, region, data, processes);
        count(buffer);
        return buffer;
    }

    private void count(RingBuffer buffer) {
        if (counts != null) {
            buffer.events.countIn(counts);
        }
    }

    /// {@return the types of a channel of events; null in others}
    public EventTypes types() {
        return types;
    }

    public static long dataSize(Geometry geometry) {
        return (geometry.bufferSize() + PAGE - 1) & -PAGE;
    }

    /// {@return bytes that stay taken after [#removeFiles()], until the channel is closed}
    ///
    /// @param buffers how many there are
    public long bytesKept(int buffers) {
        return number > 0 ? 0 : ChannelHeader.SIZE + buffers * BufferHeader.regionSize(geometry.subBufferCount());
    }

    /// Bytes that one buffer takes, its region in `meta` included.
    public long bufferBytes() {
        return dataSize(geometry) + BufferHeader.regionSize(geometry.subBufferCount());
    }

    /// Gives the memory back at once. For a channel that could not be completed: nobody has seen it.
    public void discard() {
        files.forEach(MappedFile::discard);
        if (types != null && number == 0) {
            types.discard();
        }
        meta.discard();
    }

    /// Removes what this has made. The folder of a channel's first generation holds those of the others, and
    /// keeps its
    /// `meta`, by which it is known.
    public void removeFiles() throws IOException {
        for (MappedFile file : files) {
            file.markRemoved();
            Files.deleteIfExists(file.path());
        }
        if (types != null) {
            types.markRemoved();
        }
        if (number > 0) {
            Files.deleteIfExists(meta.path());
        }
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // It goes with the channel.
        }
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
