package org.relayfs.ring;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.memory.LivenessLocks;

/// The processes that have a channel attached whose owner is dead, and live on. For one thread.
final class Survivors implements Closeable {
    private final Optional<LivenessLocks> locks;
    private final long firstLock;
    private BitSet alive = new BitSet();

    /// @param owner     folder of the owner
    /// @param firstLock where its bytes in the owner's file of locks begin; can be anything
    Survivors(Path owner, long firstLock) throws IOException {
        // A copy of the memory may be without the file: nobody has that attached.
        this.locks = LivenessLocks.look(owner);
        this.firstLock = firstLock;
    }

    /// Looks who lives. What is read from the memory after that is the last word of those who do not.
    void look() {
        BitSet living = new BitSet();
        for (int process = ProcessTable.OWNER + 1; process < ChannelHeader.PROCESS_SLOTS; process++) {
            int slot = process;
            living.set(
                    process,
                    locks.filter(open -> open.isHeldByAnother(firstLock + slot)).isPresent());
        }
        alive = living;
    }

    /// {@return true when the process in that slot lived at the last look}
    ///
    /// @param process any number
    boolean isAlive(int process) {
        return process >= 0 && alive.get(process);
    }

    /// {@return how many lived at the last look}
    int count() {
        return alive.cardinality();
    }

    @Override
    public void close() {
        locks.ifPresent(LivenessLocks::close);
    }
}
