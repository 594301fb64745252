package org.relayfs.ring;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.memory.ReadOnlyFile;

/// One generation of a channel whose owner is dead, opened to be read: nothing in its memory is changed, and nothing in
/// it is trusted.
/// For one thread.
public final class DeadChannel implements Closeable {
    private final Path folder;
    private final ReadOnlyFile meta;
    private final CheckedHeader header;
    private final Survivors survivors;

    private DeadChannel(Path folder, ReadOnlyFile meta, CheckedHeader header, Survivors survivors) {
        this.folder = folder;
        this.meta = meta;
        this.header = header;
        this.survivors = survivors;
    }

    /// Opens one.
    ///
    /// @param owner  folder of the owner, or a copy of it
    /// @param folder of the channel in it, or that of a later generation in the channel's
    /// @return the channel
    /// @throws org.relayfs.buffer.LayoutException the channel's layout is not known here
    /// @throws IOException it is missing or damaged, or may not be opened
    public static DeadChannel open(Path owner, Path folder) throws IOException {
        ReadOnlyFile meta = ReadOnlyFile.open(folder.resolve("meta"));
        try {
            CheckedHeader header = header(folder, meta);
            return new DeadChannel(folder, meta, header, new Survivors(owner, header.locks()));
        } catch (IOException | RuntimeException e) {
            meta.close();
            throw e;
        }
    }

    private static CheckedHeader header(Path folder, ReadOnlyFile meta) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(ChannelHeader.SIZE, Long.BYTES);
            if (!meta.read(copy.asByteBuffer(), 0)) {
                throw new IOException(folder + ": meta is damaged: length=" + meta.size() + ", limit="
                        + ChannelHeader.SIZE + " or more");
            }
            return CheckedHeader.of(folder, copy.address(), meta.size());
        }
    }

    /// {@return the slots that have a buffer}
    public List<Integer> slots() {
        return IntStream.range(0, header.slots())
                .filter(slot -> Files.exists(data(slot), LinkOption.NOFOLLOW_LINKS))
                .boxed()
                .toList();
    }

    private Path data(int slot) {
        return folder.resolve("cpu" + slot);
    }

    /// Opens a buffer.
    ///
    /// @param slot one of [#slots()]
    /// @return the buffer
    /// @throws IOException its file is something else or may not be opened
    public DeadBuffer buffer(int slot) throws IOException {
        ReadOnlyFile data = ReadOnlyFile.open(data(slot));
        return new DeadBuffer(slot, header, survivors, meta, data);
    }

    /// {@return how many processes have it attached and live: they may write on}
    public int survivors() {
        survivors.look();
        return survivors.count();
    }

    /// {@return true when the oldest sub-buffer is overwritten when the buffer is full}
    public boolean overwrites() {
        return header.has(ChannelHeader.FLAG_OVERWRITE);
    }

    /// {@return true when its records are events}
    public boolean hasEvents() {
        return header.geometry().hasEvents();
    }

    @Override
    public void close() throws IOException {
        survivors.close();
        meta.close();
    }
}
