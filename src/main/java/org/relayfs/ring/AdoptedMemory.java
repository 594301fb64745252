package org.relayfs.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.TypesFile;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.MappedFile;
import org.relayfs.memory.ReadOnlyFile;

/// One generation of a channel whose owner is dead, for the process that has taken the owner's lock. Opening
/// it checks all that a buffer needs and changes no word; [#takeOver()] makes this process the owner. Processes
/// that have it attached may write all the time. For one thread.
public final class AdoptedMemory {
    private final Path folder;
    private final CheckedHeader header;
    private final MappedFile meta;
    private final ChannelMemory memory;
    private final List<Integer> slots = new ArrayList<>();
    private final List<Path> unfinished = new ArrayList<>();

    private AdoptedMemory(Path folder, CheckedHeader header, MappedFile meta, ChannelMemory memory) {
        this.folder = folder;
        this.header = header;
        this.meta = meta;
        this.memory = memory;
    }

    /// Opens one.
    ///
    /// @param folder of the generation
    /// @param number of it, 0 for the channel's own folder
    /// @param locks  of the owner's folder, with the owner's own
    /// @return it, unchanged
    /// @throws org.relayfs.buffer.LayoutException its layout is another, or it was never completed
    /// @throws IOException it is damaged, or cannot be mapped
    public static AdoptedMemory open(Path folder, int number, LivenessLocks locks) throws IOException {
        Path file = folder.resolve("meta");
        requireFile(file, ChannelHeader.SIZE);
        MappedFile meta = MappedFile.open(file, ChannelHeader.SIZE);
        // What somebody has cut off and put back has no memory: a look at it could fail, if the tmpfs is full.
        meta.reserve(0, ChannelHeader.SIZE);
        CheckedHeader header =
                CheckedHeader.of(folder, meta.address(), meta.memory().byteSize());
        if (header.locks() <= 0 || header.locks() % LivenessLocks.BYTES_PER_CHANNEL != 0) {
            throw new IOException(folder + ": meta is damaged: LOCKS=" + header.locks());
        }
        if (header.geometry().hasEvents()) {
            requireFile((number == 0 ? folder : folder.getParent()).resolve(EventTypes.FILE), TypesFile.SIZE);
        }
        ProcessTable processes = ProcessTable.ofOwner(meta, locks);
        ChannelMemory memory =
                ChannelMemory.ofOwner(folder, number, header.geometry(), meta, header.slots(), processes);
        memory.requireTypes();
        AdoptedMemory adopted = new AdoptedMemory(folder, header, meta, memory);
        for (int slot = 0; slot < header.slots(); slot++) {
            adopted.look(slot);
        }
        return adopted;
    }

    /// Looks whether the owner has died before it could complete a generation.
    ///
    /// @param folder of the generation
    /// @return true when no other process can have used it
    /// @throws IOException it cannot be read
    public static boolean isIncomplete(Path folder) throws IOException {
        try (ReadOnlyFile meta = ReadOnlyFile.open(folder.resolve("meta"))) {
            ByteBuffer version = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            return !meta.read(version, ChannelHeader.VERSION_OFFSET) || version.getLong(0) == 0;
        }
    }

    private static void requireFile(Path file, long length) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + ": not a regular file");
        }
        if (Files.size(file) < length) {
            throw new IOException(file + ": too short: length=" + Files.size(file) + ", limit=" + length + " or more");
        }
    }

    private void look(int slot) throws IOException {
        Path data = folder.resolve("cpu" + slot);
        if (!Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        long offset = regionOf(slot);
        meta.reserve(offset, BufferHeader.regionSize(header.geometry().subBufferCount()));
        long region = meta.address() + offset;
        if (BufferHeader.reserveVolatile(region) == 0 && BufferHeader.deliveredVolatile(region) == 0) {
            // The owner has died while it was making this buffer: nobody else has ever seen it.
            unfinished.add(data);
            return;
        }
        long length = ChannelMemory.dataSize(header.geometry());
        requireFile(data, length);
        MappedFile.allocateAgain(data, length);
        check(region, slot);
        slots.add(slot);
    }

    private void check(long region, int slot) throws IOException {
        RingView view = new RingView(header.geometry(), region, meta);
        List<String> damage = new ArrayList<>();
        view.damage.listener(damage::add);
        try {
            long ignored = view.reserve() + view.delivered() + view.consumed() + view.base() + view.readOffset();
        } catch (DamagedBufferException e) {
            throw new IOException(folder + ": cpu" + slot + " is damaged: " + damage.getFirst(), e);
        }
        long cpu = BufferHeader.wordOpaque(region, BufferHeader.CPU_OFFSET);
        long end = BufferHeader.wordVolatile(region, BufferHeader.FINALIZED_OFFSET);
        if (cpu != slot || end < 0 || end == BufferHeader.DAMAGED || end > BufferHeader.MOVED) {
            throw new IOException(folder + ": cpu" + slot + " is damaged: CPU=" + cpu + ", FINALIZED=" + end);
        }
    }

    private long regionOf(int slot) {
        return ChannelHeader.SIZE + slot * header.stride();
    }

    /// {@return the slots that have a buffer, ascending}
    public List<Integer> slots() {
        return slots;
    }

    /// {@return one of the `STATE_` constants of [ChannelHeader], or anything}
    public long state() {
        return ChannelHeader.stateVolatile(meta.address());
    }

    /// {@return true when the owner was about to close the channel when it died}
    public boolean isClosed() {
        return state() == ChannelHeader.STATE_CLOSED
                || slots.stream().anyMatch(slot -> finalized(slot) == BufferHeader.FINALIZED);
    }

    /// {@return true when the next generation takes the records of a buffer}
    public boolean isMovedInPart() {
        return slots.stream().anyMatch(slot -> finalized(slot) == BufferHeader.MOVED);
    }

    private long finalized(int slot) {
        return BufferHeader.wordVolatile(meta.address() + regionOf(slot), BufferHeader.FINALIZED_OFFSET);
    }

    /// {@return geometry of its buffers}
    public Geometry geometry() {
        return header.geometry();
    }

    /// {@return true when one of the `FLAG_` constants of [ChannelHeader] is set}
    ///
    /// @param flag the constant
    public boolean has(long flag) {
        return header.has(flag);
    }

    /// {@return nanoseconds after which a stalled writer is given up; can be anything}
    public long abandonAfterNs() {
        return ChannelHeader.wordPlain(meta.address(), ChannelHeader.ABANDON_AFTER_OFFSET);
    }

    /// {@return the number by which its bytes in the owner's file of locks are found}
    public long serial() {
        return header.locks() / LivenessLocks.BYTES_PER_CHANNEL;
    }

    /// {@return the memory; nobody may write to it through this process before [#takeOver()]}
    public ChannelMemory memory() {
        return memory;
    }

    /// Maps one of its buffers.
    ///
    /// @param slot one of [#slots()]
    /// @return the buffer, as its owner has it
    /// @throws IOException it cannot be mapped
    public RingBuffer buffer(int slot) throws IOException {
        RingBuffer buffer = memory.attachBuffer(slot);
        if (buffer == null) {
            throw new IOException(folder + ": cpu" + slot + " has just been removed");
        }
        return buffer;
    }

    /// Makes this process the owner. What the dead owner's threads have left unfinished is marked as that of a
    /// process that is dead, and is settled as for any other: when a reader comes to it. Until then nobody uses
    /// their entries.
    ///
    /// @throws IOException what was never completed cannot be removed
    public void takeOver() throws IOException {
        for (int slot : slots) {
            long region = meta.address() + regionOf(slot);
            for (int i = 0; i < InFlightTable.CLAIMED_ENTRIES + InFlightTable.OWNER_ENTRIES; i++) {
                disown(InFlightTable.entry(region, i), i < InFlightTable.CLAIMED_ENTRIES);
            }
            // Nobody waits here yet, and the time may be that of another clock.
            long ignored = BufferHeader.armedGetAndSet(region, 0);
            BufferHeader.setWordOpaque(region, BufferHeader.STALL_SINCE_OFFSET, 0);
        }
        for (Path data : unfinished) {
            Files.delete(data);
        }
        memory.nameOwner();
    }

    // No other process stores there: the dead owner's lock is all that keeps them away.
    private static void disown(long entry, boolean claimed) {
        long owner = claimed ? InFlightTable.ownerAcquire(entry) : ProcessTable.OWNER + 1;
        if (owner != ProcessTable.OWNER + 1) {
            return;
        }
        InFlightTable.setExtentOpaque(entry, Extent.of(InFlightTable.extentAcquire(entry), InFlightTable.FORMER_OWNER));
        if (claimed) {
            InFlightTable.passOn(entry, ProcessTable.OWNER, InFlightTable.FORMER_OWNER);
        }
    }
}
