package org.relayfs.layout;

/// The first page of a channel's `meta` file. Written by the owner before [#versionRelease]; a process that sees the
/// version may read the rest.
public final class ChannelHeader {
    /// Number of the layout described in `docs/shared-memory.md`.
    public static final long LAYOUT_VERSION = 4;

    /// `RELAYFS1` as bytes in memory.
    public static final long MAGIC = 0x31534659414C4552L;

    /// Layout version; 0 until the rest is complete.
    public static final int VERSION_OFFSET = 0;

    /// [#MAGIC].
    public static final int MAGIC_OFFSET = VERSION_OFFSET + 8;

    /// S in bytes.
    public static final int SUB_BUFFER_SIZE_OFFSET = MAGIC_OFFSET + 8;

    /// N.
    public static final int SUB_BUFFER_COUNT_OFFSET = SUB_BUFFER_SIZE_OFFSET + 8;

    /// Bits: 1 overwrite, 2 padding header of 8 bytes, 4 global, 8 client callbacks (no process can attach), 16 padding
    /// header of 4 bytes, 32 events. Who finds another bit does not attach.
    public static final int FLAGS_OFFSET = SUB_BUFFER_COUNT_OFFSET + 8;

    /// How many buffer regions follow: possible CPUs, or 1 for a global channel.
    public static final int BUFFER_SLOTS_OFFSET = FLAGS_OFFSET + 8;

    /// Bytes from one buffer region to the next.
    public static final int BUFFER_STRIDE_OFFSET = BUFFER_SLOTS_OFFSET + 8;

    /// Channel state: 0 free, 1 enabled, 2 disabled, 3 closed, 4 moved.
    public static final int STATE_OFFSET = BUFFER_STRIDE_OFFSET + 8;

    /// After how many nanoseconds a stalled writer's bytes are given up.
    public static final int ABANDON_AFTER_OFFSET = STATE_OFFSET + 8;

    /// Where in the owner's file `locks` the bytes of this channel begin: one for each process slot.
    public static final int LOCKS_OFFSET = ABANDON_AFTER_OFFSET + 8;

    /// How many entries have ever been claimed at a time, in any of the channel's buffers: who looks for announcements
    /// looks no further. Only raised (CAS), before an entry is used.
    public static final int CLAIMED_USED_OFFSET = LOCKS_OFFSET + 8;

    /// How many of the entries behind those have ever been used.
    public static final int THREADS_USED_OFFSET = CLAIMED_USED_OFFSET + 8;

    /// Bit 0: a reader that has mapped the channel waits for a delivery; above it, how often such readers
    /// were woken. A [WaitingWord]. Read by deliverers, so nothing else is on its line.
    public static final int WAITING_OFFSET = 128;

    /// Table of attached processes: pid, start time (both 8 bytes); slot 0 is the owner.
    public static final int PROCESSES_OFFSET = 2048;

    /// Bytes of one process slot.
    public static final int PROCESS_STRIDE = 16;

    /// Most processes that can be attached at once, the owner included.
    public static final int PROCESS_SLOTS = 128;

    /// Bytes of this header.
    public static final int SIZE = PROCESSES_OFFSET + PROCESS_SLOTS * PROCESS_STRIDE;

    /// In FLAGS: the oldest sub-buffer is used again.
    public static final long FLAG_OVERWRITE = 1;

    /// In FLAGS: the first 8 bytes of a sub-buffer hold its padding.
    public static final long FLAG_PADDING_HEADER = 2;

    /// In FLAGS: one buffer for all CPUs.
    public static final long FLAG_GLOBAL = 4;

    /// In FLAGS: a client's callbacks decide on each switch; only the owner can write.
    public static final long FLAG_CALLBACKS = 8;

    /// In FLAGS: the first 4 bytes of a sub-buffer hold its padding.
    public static final long FLAG_SHORT_PADDING_HEADER = 16;

    /// In FLAGS: what is in the sub-buffers are events, see [EventLayout].
    public static final long FLAG_EVENTS = 32;

    /// All bits of FLAGS that mean something here.
    public static final long KNOWN_FLAGS = 2 * FLAG_EVENTS - 1;

    /// Channel state: writers are welcome.
    public static final long STATE_ENABLED = 1;

    /// Channel state: writers are refused for the time being.
    public static final long STATE_DISABLED = 2;

    /// Channel state: writers are refused for good.
    public static final long STATE_CLOSED = 3;

    /// Channel state: all buffers of the next generation have taken the place of those of this one.
    public static final long STATE_MOVED = 4;

    private ChannelHeader() {}

    /// {@return the bits in FLAGS for what a sub-buffer begins with}
    ///
    /// @param length of the header, see [Geometry#headerLength()]
    public static long flagsOfHeader(int length) {
        return switch (length) {
            case 0 -> 0;
            case Integer.BYTES -> FLAG_SHORT_PADDING_HEADER;
            case Long.BYTES -> FLAG_PADDING_HEADER;
            default -> FLAG_EVENTS;
        };
    }

    /// {@return the length of what a sub-buffer begins with, see [Geometry#headerLength()]}
    ///
    /// @param flags the word FLAGS, from shared memory
    /// @throws IllegalArgumentException it says more than one of 4, 8 and events
    public static int headerLength(long flags) {
        long header = flags & (FLAG_SHORT_PADDING_HEADER | FLAG_PADDING_HEADER | FLAG_EVENTS);
        if (Long.bitCount(header) > 1) {
            throw new IllegalArgumentException("flags: value=" + flags + ", limit=one header");
        }
        if (header == FLAG_EVENTS) {
            return EventLayout.SUB_BUFFER_SIZE;
        }
        return header == FLAG_SHORT_PADDING_HEADER ? Integer.BYTES : header == 0 ? 0 : Long.BYTES;
    }

    /// {@return the layout version; 0 until the rest is complete}
    ///
    /// @param header address of the channel header
    // pairs with: ChannelHeader.versionRelease
    public static long versionAcquire(long header) {
        return Words.getAcquire(header, VERSION_OFFSET);
    }

    /// Makes the channel visible to other processes; the last store of its creation.
    ///
    /// @param header address of the channel header
    /// @param value  the layout version
    // pairs with: ChannelHeader.versionAcquire
    public static void versionRelease(long header, long value) {
        Words.setRelease(header, VERSION_OFFSET, value);
    }

    /// {@return a word that never changes once the version is written}
    ///
    /// @param header address of the channel header
    /// @param offset one of the `_OFFSET` constants
    public static long wordPlain(long header, int offset) {
        return Words.getPlain(header, offset);
    }

    /// Stores a word of the channel, before its version.
    ///
    /// @param header address of the channel header
    /// @param offset one of the `_OFFSET` constants
    /// @param value  a word that never changes once the version is written
    public static void setWordPlain(long header, int offset, long value) {
        Words.setPlain(header, offset, value);
    }

    /// {@return a number of entries, as it is in shared memory}
    ///
    /// @param header address of the channel header
    /// @param offset [#CLAIMED_USED_OFFSET] or [#THREADS_USED_OFFSET]
    public static long usedVolatile(long header, int offset) {
        return Words.getVolatile(header, offset);
    }

    /// {@return true when it was done}
    ///
    /// @param header   address of the channel header
    /// @param offset   [#CLAIMED_USED_OFFSET] or [#THREADS_USED_OFFSET]
    /// @param expected the number it must be
    /// @param used     a larger one
    public static boolean usedCompareAndSet(long header, int offset, long expected, long used) {
        return Words.compareAndSet(header, offset, expected, used);
    }

    /// {@return one of the `STATE_` constants}
    ///
    /// @param header address of the channel header
    public static long stateVolatile(long header) {
        return Words.getVolatile(header, STATE_OFFSET);
    }

    /// Changes the channel's state.
    ///
    /// @param header address of the channel header
    /// @param value  one of the `STATE_` constants
    public static void setStateVolatile(long header, long value) {
        Words.setVolatile(header, STATE_OFFSET, value);
    }

    /// {@return the pid in that slot, 0 when it is free}
    ///
    /// @param header address of the channel header
    /// @param slot   0 to [#PROCESS_SLOTS] - 1
    public static long processIdAcquire(long header, int slot) {
        return Words.getAcquire(header, PROCESSES_OFFSET + (long) slot * PROCESS_STRIDE);
    }

    /// {@return true when it was done}
    ///
    /// @param header   address of the channel header
    /// @param slot     0 to [#PROCESS_SLOTS] - 1
    /// @param expected pid that must be there
    /// @param pid      pid to put there
    public static boolean processIdCompareAndSet(long header, int slot, long expected, long pid) {
        return Words.compareAndSet(header, PROCESSES_OFFSET + (long) slot * PROCESS_STRIDE, expected, pid);
    }

    /// Names the process in a slot, for people who look: no program relies on it.
    ///
    /// @param header address of the channel header
    /// @param slot   0 to [#PROCESS_SLOTS] - 1
    /// @param ticks  start time of the process in that slot, in clock ticks since boot
    public static void processStartOpaque(long header, int slot, long ticks) {
        Words.setOpaque(header, PROCESSES_OFFSET + (long) slot * PROCESS_STRIDE + 8, ticks);
    }
}
