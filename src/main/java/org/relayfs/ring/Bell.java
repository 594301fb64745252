package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.WaitingWord;
import org.relayfs.linux.FutexCalls;
import org.relayfs.memory.MappedFile;

/// The way to those of other processes who wait for something in shared memory: a word, which is a futex. Any
/// thread of any process. Who has something for them looks at it once, and makes a system call only if
/// somebody waits.
///
/// No wake-up is lost:
/// 1. Who waits sets the word's lowest bit and then looks for what it wants; the other makes that visible and
///    then looks
///    at the bit. There is a fence on both sides, or all of it is volatile, so one of the two sees the other.
/// 2. Who takes the bit away changes the word for good, by one CAS. Who waits sleeps only while the word is
///    what it has
///    armed, which the kernel checks: it either has not slept yet and will not, or is woken.
/// 3. Who fails with that CAS has been forestalled by another one after its own change. Who is woken by that
///    one, or
///    arms again, looks later, and sees both.
///
/// If the one who has taken the bit dies before its system call, the others sleep on until their own time limit.
final class Bell {
    private static final int MAX_TRIES = 100;

    private final long word;
    // The lower half of the word. Keeps the memory mapped.
    private final MemorySegment futex;

    private Bell(MappedFile meta, long offset) {
        this.word = meta.address() + offset;
        this.futex = meta.memory().asSlice(offset, Integer.BYTES);
    }

    /// {@return from those who deliver in any buffer of a channel to readers that have mapped it}
    ///
    /// @param meta the channel's file, or its first page
    static Bell ofDeliveries(MappedFile meta) {
        return new Bell(meta, ChannelHeader.WAITING_OFFSET);
    }

    /// {@return from those who make room in a buffer to writers of attached processes}
    static Bell ofRoom(RingView ring) {
        return new Bell(ring.meta, ring.region - ring.meta.address() + BufferHeader.ROOM_WAITING_OFFSET);
    }

    /// {@return true while somebody waits}
    boolean isArmed() {
        return (WaitingWord.wordVolatile(word) & WaitingWord.SOMEBODY) != 0;
    }

    /// Wakes who waits; to be called after what they wait for.
    void ring() {
        long seen = WaitingWord.wordVolatile(word);
        if ((seen & WaitingWord.SOMEBODY) != 0 && WaitingWord.wordCompareAndSet(word, seen, seen + 1)) {
            FutexCalls.wakeAll(futex);
        }
    }

    /// Asks to be woken. Arm first, then look, then [#await].
    ///
    /// @return what to wait with
    int arm() {
        long seen = WaitingWord.wordVolatile(word);
        // Each failure is a wake-up or another one's arming; only a word that never stands still uses them up.
        for (int i = 0; (seen & WaitingWord.SOMEBODY) == 0 && i < MAX_TRIES; i++) {
            if (WaitingWord.wordCompareAndSet(word, seen, seen | WaitingWord.SOMEBODY)) {
                seen |= WaitingWord.SOMEBODY;
                break;
            }
            seen = WaitingWord.wordVolatile(word);
        }
        // What is looked at next need not be volatile. pairs with: Room.changed
        VarHandle.fullFence();
        return (int) seen;
    }

    /// Waits until it was rung since it was armed. May return early.
    ///
    /// @param armed     from [#arm]
    /// @param timeoutMs at most so many milliseconds
    void await(int armed, long timeoutMs) {
        FutexCalls.await(futex, armed, timeoutMs);
    }
}
