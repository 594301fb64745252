package org.relayfs.reader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.relayfs.ring.Beginning;
import org.relayfs.ring.Observation;
import org.relayfs.ring.ObservedMemory;

/// What observers and consumers have in common: the buffers of a channel that is mapped, and waiting for data in any of
/// them. For one thread at a time.
///
/// @param <B> what a reader has of each buffer
final class MappedBuffers<B> {
    /// How often it looks for what wakes nobody: records in an open sub-buffer, new buffers, an owner's death.
    private static final long LOOK_MS = 100;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(LOOK_MS);

    private final ObservedMemory memory;
    private final Maker<B> maker;
    // By slot.
    private final Map<Integer, Observation> observations = new LinkedHashMap<>();
    private final List<B> buffers = new ArrayList<>();
    private final boolean[] known;
    private long lookedNs;
    private boolean closed;

    /// Makes what a reader has of a buffer.
    interface Maker<B> {
        /// @return null when this one is left to others
        B of(int cpu, Observation observation) throws IOException;
    }

    MappedBuffers(ObservedMemory memory, Maker<B> maker) {
        this.memory = memory;
        this.maker = maker;
        this.known = new boolean[memory.slots()];
    }

    /// Finds the buffers that there are and were not found before.
    ///
    /// @return false when one of them was left to others
    boolean find(Beginning start) throws IOException {
        boolean all = true;
        for (int slot = 0; slot < known.length; slot++) {
            Observation observation = known[slot] ? null : memory.observe(slot, start);
            if (observation != null) {
                B buffer = maker.of(slot, observation);
                known[slot] = true;
                if (buffer != null) {
                    buffers.add(buffer);
                    observations.put(slot, observation);
                } else {
                    all = false;
                }
            }
        }
        lookedNs = System.nanoTime();
        return all;
    }

    /// {@return the bytes that were in generations which are gone, between another one and this one}
    long bytesSince(MappedBuffers<?> earlier) {
        long bytes = 0;
        if (memory.isAfterAGap(earlier.memory)) {
            for (Map.Entry<Integer, Observation> before : earlier.observations.entrySet()) {
                Observation here = observations.get(before.getKey());
                bytes += here == null ? 0 : before.getValue().bytesBefore(here);
            }
        }
        return bytes;
    }

    List<B> all() {
        return List.copyOf(buffers);
    }

    /// @param later where to begin in buffers that come meanwhile
    boolean await(long timeout, TimeUnit unit, Beginning later) throws IOException {
        if (timeout < 0) {
            throw new IllegalArgumentException("wait: timeout=" + timeout + ", limit=0 or more");
        }
        if (closed) {
            throw new IllegalStateException("reader of a channel: it is closed; open another one");
        }
        // Longer than anybody waits, and no overflow.
        long endNs = System.nanoTime() + Math.min(unit.toNanos(timeout), Long.MAX_VALUE / 2);
        while (!hasData()) {
            int armed = memory.arm();
            if (System.nanoTime() - lookedNs > LOOK_NS) {
                find(later);
            }
            long leftNs = endNs - System.nanoTime();
            if (hasData() || leftNs <= 0 || state() != ReaderState.OPEN) {
                break;
            }
            memory.await(armed, Math.min(LOOK_MS, TimeUnit.NANOSECONDS.toMillis(leftNs) + 1));
        }
        return hasData();
    }

    private boolean hasData() {
        for (Observation observation : observations.values()) {
            if (observation.hasMore()) {
                return true;
            }
        }
        return false;
    }

    ReaderState state() {
        if (hasData()) {
            return ReaderState.OPEN;
        }
        // In this order: an owner closes its channels before it goes.
        boolean alive = memory.isOwnerAlive();
        if (observations.isEmpty()
                ? memory.isClosed()
                : observations.values().stream().allMatch(Observation::isEnded)) {
            return ReaderState.CLOSED;
        }
        boolean open = alive || observations.values().stream().anyMatch(Observation::isFinalized) || hasData();
        return open ? ReaderState.OPEN : ReaderState.OWNER_GONE;
    }

    void close() {
        closed = true;
        memory.close();
    }
}
