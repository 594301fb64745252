package org.relayfs.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;
import org.relayfs.buffer.SwitchPolicy;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.MappedFile;
import org.relayfs.memory.SharedFolder;

/// Shared memory for buffers under test, without a channel around them. The files have no names any more: nothing is
/// left behind. One buffer at a time; the memory is used again, zero-filled.
final class TestBuffers {
    static final long NEVER_NS = Long.MAX_VALUE;

    private final MappedFile meta;
    private final MappedFile data;
    private final LivenessLocks own;
    private final LivenessLocks others;
    private ProcessTable processes;
    private boolean used;

    /// @param maxSize  bytes of the largest buffer
    /// @param maxCount most sub-buffers
    TestBuffers(long maxSize, int maxCount) {
        this(maxSize, maxCount, maxSize);
    }

    /// @param touched bytes of the data from their start for which there must be room; without, the test is skipped
    TestBuffers(long maxSize, int maxCount, long touched) {
        try {
            Path folder = SharedFolder.create();
            try {
                long metaSize = ChannelHeader.SIZE + BufferHeader.regionSize(maxCount);
                meta = MappedFile.create(folder.resolve("meta"), metaSize, metaSize);
                own = LivenessLocks.create(folder);
                others = LivenessLocks.open(folder);
                // Kept after the folder: not to be taken for an owner's whose folder somebody has removed.
                Files.move(folder.resolve(LivenessLocks.FILE), folder.resolve("kept"));
                data = MappedFile.create(folder.resolve("data"), (maxSize + 4095) & -4096L, touched);
            } finally {
                SharedFolder.remove(folder);
                SharedFolder.removeHomeIfEmpty(folder);
            }
        } catch (MappedFile.OutOfMemoryException e) {
            throw new TestAbortedException("the test needs more shared memory: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param policy         the client's decision, or null
    /// @param abandonAfterNs after how long a stalled writer is given up
    /// @return a fresh, live buffer
    RingBuffer create(Geometry geometry, boolean overwrite, SwitchPolicy policy, long abandonAfterNs) {
        RingBuffer buffer = prepare(geometry, overwrite, policy, abandonAfterNs);
        buffer.begin(true);
        return buffer;
    }

    RingBuffer create(Geometry geometry, boolean overwrite) {
        return create(geometry, overwrite, null, NEVER_NS);
    }

    /// Fresh, but not begun.
    RingBuffer prepare(Geometry geometry, boolean overwrite, SwitchPolicy policy, long abandonAfterNs) {
        if (used) {
            meta.memory().fill((byte) 0);
            data.memory().asSlice(0, geometry.bufferSize()).fill((byte) 0);
        }
        used = true; // New files are zero-filled, and take no memory for what nobody touches.
        try {
            processes = ProcessTable.create(meta, own, 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChannelHeader.setWordPlain(header(), ChannelHeader.ABANDON_AFTER_OFFSET, abandonAfterNs);
        RingBuffer.initialize(geometry, header() + ChannelHeader.SIZE, 0);
        return view(geometry, overwrite, policy, processes);
    }

    /// The same memory as another process sees it.
    RingBuffer view(Geometry geometry, boolean overwrite, SwitchPolicy policy, ProcessTable seer) {
        return new RingBuffer(geometry, overwrite, policy, meta, ChannelHeader.SIZE, data, seer);
    }

    /// What a ring over this memory is made of, besides its shape.
    MappedFile meta() {
        return meta;
    }

    MappedFile data() {
        return data;
    }

    /// Attaches as another process does; it lives until [#kill].
    ProcessTable attach() throws IOException {
        return ProcessTable.attach(meta, others, slot -> false, Path.of("test"));
    }

    /// What is left of an attached process that has died: its slot, and no lock.
    void kill(ProcessTable process) {
        others.release(LivenessLocks.BYTES_PER_CHANNEL + process.slot());
    }

    ProcessTable processes() {
        return processes;
    }

    /// The fast path over one buffer.
    static RecordWriter writer(RingBuffer buffer) {
        return RecordWriter.over(buffer);
    }

    /// Address of the channel header.
    long header() {
        return meta.address();
    }

    /// Address of the buffer's region.
    long region() {
        return meta.address() + ChannelHeader.SIZE;
    }
}
