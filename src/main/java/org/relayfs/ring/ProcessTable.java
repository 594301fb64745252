package org.relayfs.ring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.linux.ProcessIdentity;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.MappedFile;

/// The processes of a channel: each has a slot in the channel's header, and holds the lock of that slot while
/// it lives.
/// Thread-safe.
public final class ProcessTable {
    /// The owner's slot. Its lock is the owner's own, whatever the channel.
    public static final int OWNER = 0;

    /// Of one that only looks.
    private static final int NO_SLOT = -1;

    private final MappedFile meta;
    private final LivenessLocks locks;
    private final int slot;
    /// Where the channel's locks begin. Read once: the word lies in shared memory.
    private final long firstLock;

    private ProcessTable(MappedFile meta, LivenessLocks locks, int slot) {
        this.meta = meta;
        this.locks = locks;
        this.slot = slot;
        this.firstLock = ChannelHeader.wordPlain(meta.address(), ChannelHeader.LOCKS_OFFSET);
    }

    /// Makes the table of a new channel, with this process as its owner.
    ///
    /// @param meta   the channel's
    /// @param locks  of the owner, which holds its own
    /// @param serial a number that no other channel of the owner has or had, 1 or more
    /// @return the table
    /// @throws IOException /proc is not there
    static ProcessTable create(MappedFile meta, LivenessLocks locks, long serial) throws IOException {
        long header = meta.address();
        ProcessIdentity self = ProcessIdentity.current();
        ChannelHeader.setWordPlain(header, ChannelHeader.LOCKS_OFFSET, serial * LivenessLocks.BYTES_PER_CHANNEL);
        ChannelHeader.processIdCompareAndSet(header, OWNER, 0, self.pid());
        ChannelHeader.processStartOpaque(header, OWNER, self.start());
        return new ProcessTable(meta, locks, OWNER);
    }

    /// Opens the table of a channel whose owner is dead, for the process that has taken its lock.
    ///
    /// @param meta  the channel's
    /// @param locks of the owner, with the owner's own
    /// @return the table
    static ProcessTable ofOwner(MappedFile meta, LivenessLocks locks) {
        return new ProcessTable(meta, locks, OWNER);
    }

    /// Names this process as the one in its slot.
    ///
    /// @throws IOException /proc is not there
    void nameItself() throws IOException {
        long header = meta.address();
        ProcessIdentity self = ProcessIdentity.current();
        ChannelHeader.processIdCompareAndSet(header, slot, ChannelHeader.processIdAcquire(header, slot), self.pid());
        ChannelHeader.processStartOpaque(header, slot, self.start());
    }

    /// Takes a free slot for this process. One whose process has died is free when nothing is in flight for it any
    /// more: until then, what is is found by the slot.
    ///
    /// @param meta       the channel's
    /// @param locks      of its owner
    /// @param isReusable the condition under which a dead process's slot can be reused: nothing of it is in flight
    /// @param folder     the channel's, for messages
    /// @return the table
    /// @throws IOException all slots are taken
    static ProcessTable attach(MappedFile meta, LivenessLocks locks, IntPredicate isReusable, Path folder)
            throws IOException {
        long header = meta.address();
        ProcessIdentity self = ProcessIdentity.current();
        ProcessTable onlooker = new ProcessTable(meta, locks, NO_SLOT);
        for (int slot = OWNER + 1; slot < ChannelHeader.PROCESS_SLOTS; slot++) {
            long lock = onlooker.lockOf(slot);
            if (locks.tryHold(lock)) {
                long pid = ChannelHeader.processIdAcquire(header, slot);
                boolean free = pid == 0 || isReusable.test(slot);
                if (free && ChannelHeader.processIdCompareAndSet(header, slot, pid, self.pid())) {
                    ChannelHeader.processStartOpaque(header, slot, self.start());
                    return new ProcessTable(meta, locks, slot);
                }
                locks.release(lock);
            }
        }
        throw new IOException(folder + ": too many processes have attached: limit=" + ChannelHeader.PROCESS_SLOTS
                + "; close one, or destroy the channel and create it again");
    }

    private long lockOf(int process) {
        return firstLock + process;
    }

    /// {@return this process' slot}
    int slot() {
        return slot;
    }

    /// {@return false when the process of that slot has died, or there is none}
    ///
    /// @param process any number
    boolean isAlive(int process) {
        if (process < OWNER || process >= ChannelHeader.PROCESS_SLOTS) {
            return false;
        }
        return process == slot || locks.isHeldByAnother(process == OWNER ? LivenessLocks.OWNER : lockOf(process));
    }

    /// {@return false when the channel's owner has died or closed it}
    boolean isOwnerAlive() {
        return isAlive(OWNER);
    }

    /// Gives this process' slot back. Only when none of its threads writes any more.
    void detach() {
        long header = meta.address();
        long pid = ChannelHeader.processIdAcquire(header, slot);
        ChannelHeader.processStartOpaque(header, slot, 0);
        ChannelHeader.processIdCompareAndSet(header, slot, pid, 0);
        locks.close();
    }
}
