package org.relayfs.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.MappedFile;
import org.relayfs.memory.MappingLimit;
import org.relayfs.memory.MemoryPath;

/// A channel's folder of shared memory as a reader maps it who takes nothing out: for reading only, but for the first
/// page of `meta`, where it says that it waits. If it may not write there, it looks every two milliseconds
/// instead. Any thread.
public final class ObservedMemory {
    private static final long PAUSE_NS = 2_000_000;
    private static final int CANNOT_ARM = 0;

    private final Path owner;
    private final Path folder;
    private final MappedFile meta;
    private final CheckedHeader header;
    private final Optional<LivenessLocks> locks;
    private final Bell bell;

    private ObservedMemory(
            Path owner,
            Path folder,
            MappedFile meta,
            CheckedHeader header,
            Optional<LivenessLocks> locks,
            Bell bell) {
        this.owner = owner;
        this.folder = folder;
        this.meta = meta;
        this.header = header;
        this.locks = locks;
        this.bell = bell;
    }

    /// Maps a channel, of whatever process.
    ///
    /// @param channel folder of the channel
    /// @return its memory: after resizes, the generation that takes records
    /// @throws org.relayfs.buffer.LayoutException its layout is not known here
    /// @throws IOException it is missing or damaged, or may not be opened
    public static ObservedMemory open(Path channel) throws IOException {
        MappingLimit.require(2, channel);
        Path owner = channel.toAbsolutePath().getParent();
        return new GenerationFolders(channel, MappedFile::look)
                .oldestOpen(-1, (number, folder, meta) -> open(owner, folder, meta));
    }

    /// Maps the channel that is in the place of this one now: made anew at its path, or resized.
    ///
    /// @param path of the channel, see [MemoryPath]
    /// @return nothing when there is none, or still this one
    /// @throws org.relayfs.buffer.LayoutException its layout is not known here
    /// @throws IOException it is damaged, or may not be opened
    public Optional<ObservedMemory> successor(Path path) throws IOException {
        ObservedMemory next;
        try {
            next = open(MemoryPath.of(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (next.folder.equals(folder)) {
            next.close();
            return Optional.empty();
        }
        return Optional.of(next);
    }

    private static ObservedMemory open(Path owner, Path folder, MappedFile meta) throws IOException {
        Path file = folder.resolve("meta");
        CheckedHeader header =
                CheckedHeader.of(folder, meta.address(), meta.memory().byteSize());
        Bell bell = null;
        try {
            bell = Bell.ofDeliveries(MappedFile.openStart(file, ChannelHeader.SIZE));
        } catch (IOException e) {
            // It looks now and then.
        }
        return new ObservedMemory(owner, folder, meta, header, LivenessLocks.look(owner), bell);
    }

    /// {@return where it is}
    public Path folder() {
        return folder;
    }

    /// {@return how many buffers there can be}
    public int slots() {
        return header.slots();
    }

    /// {@return bytes of a sub-buffer}
    public long subBufferSize() {
        return header.geometry().subBufferSize();
    }

    /// {@return bytes of a buffer}
    public long bufferSize() {
        return header.geometry().bufferSize();
    }

    /// {@return true when its records are events}
    public boolean hasEvents() {
        return header.geometry().hasEvents();
    }

    /// Begins to observe a buffer.
    ///
    /// @param slot  0 to [#slots()] - 1: the CPU, or 0 of a global channel
    /// @param start what comes first
    /// @return null while there is no such buffer
    /// @throws IOException it cannot be mapped
    public Observation observe(int slot, Beginning start) throws IOException {
        Path data = folder.resolve("cpu" + slot);
        long region = ChannelHeader.SIZE + slot * header.stride();
        // Its reserve word is written last. Without a file there is no region: a look would make one.
        if (!Files.exists(data) || BufferHeader.reserveVolatile(meta.address() + region) == 0) {
            return null;
        }
        MappingLimit.require(1, folder);
        MappedFile file = MappedFile.look(data, ChannelMemory.dataSize(header.geometry()));
        RingView view = new RingView(header.geometry(), isOverwrite(), meta, region, file.memory());
        return new Observation(view, data, start);
    }

    /// {@return true when sub-buffers may be used again before they were consumed}
    public boolean isOverwrite() {
        return header.has(ChannelHeader.FLAG_OVERWRITE) || header.has(ChannelHeader.FLAG_CALLBACKS);
    }

    /// Takes the place of the channel's consumer. The kernel gives it back when this process ends, however it ends.
    ///
    /// @return to be closed by the consumer; empty when another one has the place
    /// @throws IOException the owner's file of locks may not be opened for writing
    public Optional<LivenessLocks> tryConsume() throws IOException {
        LivenessLocks place = LivenessLocks.open(owner);
        boolean held = false;
        try {
            // The first byte of the channel is nobody's process: the owner's is another.
            held = place.tryHold(header.locks());
            return held ? Optional.of(place) : Optional.empty();
        } finally {
            if (!held) {
                place.close();
            }
        }
    }

    /// {@return true once no buffer will be added and no record be accepted here any more}
    public boolean isClosed() {
        long state = ChannelHeader.stateVolatile(meta.address());
        return state == ChannelHeader.STATE_CLOSED || state == ChannelHeader.STATE_MOVED;
    }

    /// {@return false when the process that owns the channel has died, or closed its relay; a system call}
    public boolean isOwnerAlive() {
        return locks.isPresent() && locks.get().isHeldByAnother(LivenessLocks.OWNER);
    }

    /// Asks to be woken at the next delivery. Arm first, then look for something to read, then [#await].
    ///
    /// @return what to wait with
    public int arm() {
        return bell == null ? CANNOT_ARM : bell.arm();
    }

    /// Waits for a delivery since it was armed. May return early.
    ///
    /// @param armed     from [#arm]
    /// @param timeoutMs at most so many milliseconds, 1 or more
    public void await(int armed, long timeoutMs) {
        if (bell == null) {
            LockSupport.parkNanos(PAUSE_NS);
        } else {
            bell.await(armed, timeoutMs);
        }
    }

    /// Closes what is not memory. That stays mapped while anybody can reach it.
    public void close() {
        locks.ifPresent(LivenessLocks::close);
    }
}
