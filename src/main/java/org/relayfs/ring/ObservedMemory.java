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

    private final Path channel;
    private final int number;
    private final Path folder;
    private final MappedFile meta;
    private final CheckedHeader header;
    private final Optional<LivenessLocks> locks;
    private final Bell bell;

    private ObservedMemory(
            Path channel,
            int number,
            Path folder,
            MappedFile meta,
            CheckedHeader header,
            Optional<LivenessLocks> locks,
            Bell bell) {
        this.channel = channel;
        this.number = number;
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
        return new GenerationFolders(channel, MappedFile::look)
                .oldestOpen(-1, (number, folder, meta) -> open(channel, number, folder, meta));
    }

    private static Path owner(Path channel) {
        return channel.toAbsolutePath().getParent();
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

    /// Maps the generation after this one, or if that is gone the oldest that is there.
    ///
    /// @param path of the channel, see [MemoryPath]
    /// @return nothing when there is none, or the path is that of another channel now
    /// @throws org.relayfs.buffer.LayoutException its layout is not known here
    /// @throws IOException it is damaged, or may not be opened
    public Optional<ObservedMemory> next(Path path) throws IOException {
        MappingLimit.require(2, channel);
        try {
            return MemoryPath.of(path).equals(channel)
                    ? Optional.of(new GenerationFolders(channel, MappedFile::look)
                            .next(number, (later, place, data) -> open(channel, later, place, data)))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// Asked when all buffers have been observed: whether there were all of them. The files of a generation that takes
    /// no records go at any time.
    ///
    /// @return false when some were gone
    public boolean isWhole() {
        for (int slot = 0; isClosed() && slot < slots(); slot++) {
            if (BufferHeader.reserveVolatile(meta.address() + region(slot)) != 0 && !Files.exists(data(slot))) {
                return false;
            }
        }
        return true;
    }

    private Path data(int slot) {
        return folder.resolve("cpu" + slot);
    }

    private long region(int slot) {
        return ChannelHeader.SIZE + slot * header.stride();
    }

    /// {@return true when generations were passed over between an earlier memory and this one}
    ///
    /// @param earlier of whatever channel
    public boolean isAfterAGap(ObservedMemory earlier) {
        return channel.equals(earlier.channel) && number > earlier.number + 1;
    }

    private static ObservedMemory open(Path channel, int number, Path folder, MappedFile meta) throws IOException {
        Path file = folder.resolve("meta");
        CheckedHeader header =
                CheckedHeader.of(folder, meta.address(), meta.memory().byteSize());
        Bell bell = null;
        try {
            bell = Bell.ofDeliveries(MappedFile.openStart(file, ChannelHeader.SIZE));
        } catch (IOException e) {
            // It looks now and then.
        }
        return new ObservedMemory(channel, number, folder, meta, header, LivenessLocks.look(owner(channel)), bell);
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
        Path data = data(slot);
        long region = region(slot);
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
        LivenessLocks place = LivenessLocks.open(owner(channel));
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
