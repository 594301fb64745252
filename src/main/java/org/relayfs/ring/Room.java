package org.relayfs.ring;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Those who wait for room in a buffer: listeners and threads of the owning process, in which all readers are, and by
/// their bells writers of other processes. Any thread of that process; lock-free.
///
/// A writer arms first and then tries; whoever consumes does so first and then looks whether a writer has armed. Both
/// fence in between, so one of the two sees the other. Who takes the mark away tells all whom it finds afterwards: so
/// does it tell who has armed just before, and is in the set since then.
final class Room {
    private final Runnable bells;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile List<Runnable> listeners = List.of();
    private volatile boolean armed;

    /// @param bells rings those of all buffers
    Room(Runnable bells) {
        this.bells = bells;
    }

    /// @param before who was told until now, or null
    /// @param after  who is told from now on, or null
    synchronized void replaceListener(Runnable before, Runnable after) {
        List<Runnable> all = new ArrayList<>(listeners);
        all.remove(before);
        if (after != null) {
            all.add(after);
        }
        listeners = List.copyOf(all);
    }

    /// A writer is about to look whether there is room.
    void arm() {
        armed = true;
        // pairs with: Room.changed
        VarHandle.fullFence();
    }

    /// There may be room, or there will never be any: tells those who wait to try again.
    void changed() {
        // pairs with: Room.arm, Bell.arm
        VarHandle.fullFence();
        if (armed) {
            armed = false;
            listeners.forEach(Runnable::run);
            threads.forEach(LockSupport::unpark);
        }
        bells.run();
    }

    /// {@return a wait of the calling thread, which is of this process}
    RoomWait enter() {
        Thread thread = Thread.currentThread();
        threads.add(thread);
        return new RoomWait() {
            @Override
            public void arm() {
                Room.this.arm();
            }

            @Override
            public void await(long maxNs) {
                LockSupport.parkNanos(Room.this, maxNs);
            }

            @Override
            public void close() {
                threads.remove(thread);
            }
        };
    }
}
