package org.relayfs.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.MappedFile;

/// The addresses of one buffer's words and bytes, and what can be read from them directly. Nothing here
/// stores, so the
/// memory may be mapped for reading only. Immutable except for that memory, which stays mapped while the object is
/// reachable.
class RingView {
    private static final int MAX_TRIES = 1000;

    final Geometry geometry;
    final MappedFile meta;
    /// The data bytes: a file of its own, or a part of one.
    final MemorySegment data;
    /// Address of the buffer's region in `meta`.
    final long region;
    /// Address of the first data byte.
    final long dataAddress;
    /// What all entries of the in-flight table say.
    final Announced announced;
    /// True when sub-buffers may be used again before they were consumed.
    final boolean overwrite;
    /// Whether somebody has written what nobody may write.
    final Damage damage = new Damage();
    /// The last reserve word that was checked: most looks find it again. Any thread stores it, after the check.
    private long sound;

    RingView(Geometry geometry, boolean overwrite, MappedFile meta, long regionOffset, MemorySegment data) {
        this.geometry = geometry;
        this.overwrite = overwrite;
        this.meta = meta;
        this.data = data;
        this.region = meta.address() + regionOffset;
        this.dataAddress = data.address();
        this.announced = new Announced(geometry, region, meta.address());
        this.sound = geometry.reserveWord(0, 0, geometry.closedOffset(), 0);
    }

    /// A copy of a buffer's words, of which questions can be asked that need nothing else: there are no bytes.
    ///
    /// @param words the channel header, and right behind it the buffer's region; to be kept by the caller
    RingView(Geometry geometry, MemorySegment words) {
        this.geometry = geometry;
        this.overwrite = false;
        this.meta = null;
        this.data = MemorySegment.NULL;
        this.region = words.address() + ChannelHeader.SIZE;
        this.dataAddress = 0;
        this.announced = new Announced(geometry, region, words.address());
        this.sound = geometry.reserveWord(0, 0, geometry.closedOffset(), 0);
    }

    /// A buffer's words where they are, to be checked.
    ///
    /// @param region address of the buffer's region
    /// @param meta   in which it is
    RingView(Geometry geometry, long region, MappedFile meta) {
        this(geometry, false, meta, region - meta.address(), MemorySegment.NULL);
    }

    /// The reserve word. Untrusted, like every word of the shared memory: bounded here, where it is read.
    ///
    /// @throws DamagedBufferException it cannot be one
    long reserve() {
        long word = BufferHeader.reserveVolatile(region);
        if (word != sound || damage.isFound()) {
            sound = damage.check(geometry, word);
        }
        return word;
    }

    /// Position up to which all is delivered: at most the one after the current.
    ///
    /// @throws DamagedBufferException it is none
    long delivered() {
        long position = BufferHeader.deliveredVolatile(region);
        // The reserve word is read after it and never goes back.
        long next = geometry.position(reserve()) + 1;
        return damage.check("DELIVERED", position, next);
    }

    /// Position of the reader: at most where a reset is about to begin.
    ///
    /// @throws DamagedBufferException it is none
    long consumed() {
        long position = BufferHeader.consumedAcquire(region);
        long last = geometry.position(reserve()) + geometry.subBufferCount();
        return damage.check("CONSUMED", position, last);
    }

    /// Bytes that the reader has taken from its sub-buffer.
    ///
    /// @throws DamagedBufferException more than it can hold
    long readOffset() {
        long offset = BufferHeader.wordOpaque(region, BufferHeader.READ_OFFSET_OFFSET);
        return damage.check("READ_OFFSET", offset, geometry.subBufferSize());
    }

    /// Position at which the last reset has begun.
    ///
    /// @throws DamagedBufferException it is none
    long base() {
        long position = BufferHeader.wordOpaque(region, BufferHeader.BASE_OFFSET);
        return damage.check("BASE", position, geometry.position(reserve()) + geometry.subBufferCount());
    }

    long entry(int index) {
        return SubBufferTable.entry(region, index);
    }

    /// Address of a byte of a sub-buffer.
    long address(int index, long offset) {
        return dataAddress + index * geometry.subBufferSize() + offset;
    }

    /// P by relay's definition, from one reserve word: how many sub-buffers have been closed.
    long closedPosition(long word) {
        return geometry.position(word) + (geometry.isOpen(word) ? 0 : 1);
    }

    /// `relay_buf_full`: every sub-buffer is closed and none of them consumed.
    boolean isFull(long word) {
        return closedPosition(word) - BufferHeader.consumedAcquire(region) >= geometry.subBufferCount();
    }

    /// Oldest position whose bytes no later lap has touched.
    long oldestIntact(long word) {
        return geometry.position(word) - geometry.subBufferCount() + 1;
    }

    /// True when the sub-buffer that `word` names was thrown away by a reset.
    boolean isThrownAway(long word) {
        return geometry.position(word) < BufferHeader.wordOpaque(region, BufferHeader.BASE_OFFSET);
    }

    long infoLap(long info) {
        return info >>> geometry.offsetBits();
    }

    /// The last lap of which it is said how it ended, of the sub-buffer that a reserve word names.
    long infoOf(long word) {
        return infoLap(SubBufferTable.infoVolatile(entry(geometry.index(word))));
    }

    /// Payload bytes of a closed and complete sub-buffer, header included; 0 for one that was skipped. A late closer
    /// of an earlier lap may have stored its INFO over the mark of a skip: any other lap than ours means skipped.
    long payload(long position) {
        long lap = geometry.lapOf(position);
        long info = SubBufferTable.infoVolatile(entry(geometry.indexOf(position)));
        long payload = info & geometry.offsetMask();
        return info >>> geometry.offsetBits() == lap && payload <= geometry.subBufferSize() ? payload : 0;
    }

    /// True when the sub-buffer at `position` was closed or skipped, and its payload is known.
    boolean isClosed(long position) {
        return infoLap(SubBufferTable.infoVolatile(entry(geometry.indexOf(position)))) == geometry.lapOf(position);
    }

    /// True when the bytes that the sub-buffer at `position` owes were given up.
    boolean isGivenUp(long position) {
        long mark = SubBufferTable.givenUpVolatile(entry(geometry.indexOf(position)));
        return mark >>> 1 == geometry.lapOf(position) + 1;
    }

    /// How many bytes of the sub-buffer at `position` can be read while it is open: all before the first that
    /// a writer is still copying; -1 when it is not open.
    ///
    /// A reservation that is given back makes the reserve word smaller again. Its writer counts that before it
    /// leaves. So if none was counted meanwhile, whoever has reserved bytes before the word is still announced,
    /// or has stored them.
    long openBytes(long position) {
        for (int i = 0; i < MAX_TRIES; i++) {
            long returned = BufferHeader.wordVolatile(region, BufferHeader.RETURNED_OFFSET);
            long word = reserve();
            if (geometry.position(word) != position || !geometry.isOpen(word)) {
                return -1;
            }
            long settled = announced.settled(word);
            if (BufferHeader.wordVolatile(region, BufferHeader.RETURNED_OFFSET) == returned) {
                return settled;
            }
        }
        return -1;
    }

    /// True when nothing more will come to a sub-buffer that was delivered and not lapped since. One that was not
    /// complete when it was passed over was thrown away by a reset, and its bytes may be anything.
    boolean isWhole(long position) {
        long lap = geometry.lapOf(position);
        long info = SubBufferTable.infoVolatile(entry(geometry.indexOf(position)));
        return infoLap(info) == lap
                        && ((info & geometry.offsetMask()) == geometry.offsetMask()
                                || SubBufferTable.completeVolatile(entry(geometry.indexOf(position))) > lap)
                || isGivenUp(position);
    }

    /// True when no later lap had begun in a sub-buffer when everything was loaded from it that the caller has loaded
    /// before. A seqlock whose number is the reserve word: whoever opens a later lap moves that word first, and
    /// stores into the sub-buffer, or into its entry of the table, behind a fence.
    ///
    /// @param position of a sub-buffer that was read
    boolean isIntact(long position) {
        // The loads before the load of the word. pairs with: SubBufferSwitch.open
        VarHandle.loadLoadFence();
        return position >= oldestIntact(reserve());
    }

    /// After a fault: true when somebody has made a file of the channel shorter than it was when it was mapped.
    ///
    /// @param path of the data file
    boolean isShortened(Path path) {
        try {
            return Files.size(path) < data.byteSize()
                    || Files.size(meta.path()) < meta.memory().byteSize();
        } catch (IOException e) {
            return false; // the channel is closed, and its memory stays as it was
        }
    }
}
