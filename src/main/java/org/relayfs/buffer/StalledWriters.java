package org.relayfs.buffer;

import java.util.ArrayList;
import java.util.List;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.ProcessIdentity;

/// Notices writers that do not come back between reserve and commit, and gives their bytes up.
///
/// The rule: the oldest undelivered sub-buffer is looked at whenever a reader asks and gets nothing. When nothing in
/// it has moved for 10 ms and every writer that is in flight there belongs to a dead process, or when nothing has
/// moved for the channel's `abandonAfter`, the missing bytes become holes: counted as abandoned, passed over by
/// readers, set to zero when their writer is dead. If the in-flight table does not account for exactly the missing
/// bytes, the whole sub-buffer becomes one hole. A writer that comes back later still finds its own bytes untouched
/// by others: the sub-buffer is not used again until it has committed.
final class StalledWriters {
    private static final long QUICK_LOOK_NS = 10_000_000;
    private static final int MAX_CANDIDATES = 12;

    private final Ring ring;
    private final Geometry geometry;
    private final Delivery delivery;
    private final Holes holes;

    StalledWriters(Ring ring, Delivery delivery, Holes holes) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.delivery = delivery;
        this.holes = holes;
    }

    /// What a look has found.
    enum Finding {
        /// Nothing is stalled, or not for long enough.
        NONE,
        /// The open sub-buffer is stalled: close it and look again.
        CLOSE_FIRST,
        /// Bytes were given up: there may be something to read.
        GIVEN_UP
    }

    private record InFlight(long entry, long offset, long length, long closing, boolean alive) {}

    /// Looks at the oldest undelivered sub-buffer. Under the reader's lock.
    Finding look(long nowNs) {
        long position = ring.delivered();
        long word = ring.reserve();
        long commit = SubBufferTable.commitVolatile(ring.entry(geometry.indexOf(position)));
        boolean open = geometry.position(word) == position && geometry.isOpen(word);
        boolean outstanding = open
                ? geometry.commitBytes(commit) != geometry.offset(word)
                : geometry.position(word) >= position && !ring.isComplete(position);
        if (!outstanding) {
            BufferHeader.wordOpaque(ring.buffer, BufferHeader.STALL_SINCE_OFFSET, 0);
            return Finding.NONE;
        }
        long age = age(position, open ? word : 0, commit, nowNs);
        if (age < Math.min(QUICK_LOOK_NS, abandonAfter())) {
            return Finding.NONE;
        }
        List<InFlight> writers = writersOf(position);
        boolean allDead = !writers.isEmpty() && writers.stream().noneMatch(InFlight::alive);
        if (age < abandonAfter() && !allDead) {
            return Finding.NONE;
        }
        if (open) {
            return Finding.CLOSE_FIRST;
        }
        giveUp(position, commit, writers);
        return Finding.GIVEN_UP;
    }

    private long abandonAfter() {
        return ChannelHeader.wordPlain(ring.meta.address(), ChannelHeader.ABANDON_AFTER_OFFSET);
    }

    /// How long nothing has moved there.
    private long age(long position, long word, long commit, long nowNs) {
        long buffer = ring.buffer;
        long since = BufferHeader.wordOpaque(buffer, BufferHeader.STALL_SINCE_OFFSET);
        boolean same = since != 0
                && BufferHeader.wordOpaque(buffer, BufferHeader.STALL_POSITION_OFFSET) == position
                && BufferHeader.wordOpaque(buffer, BufferHeader.STALL_RESERVE_OFFSET) == word
                && BufferHeader.wordOpaque(buffer, BufferHeader.STALL_COMMIT_OFFSET) == commit;
        if (same) {
            return nowNs - since;
        }
        BufferHeader.wordOpaque(buffer, BufferHeader.STALL_POSITION_OFFSET, position);
        BufferHeader.wordOpaque(buffer, BufferHeader.STALL_RESERVE_OFFSET, word);
        BufferHeader.wordOpaque(buffer, BufferHeader.STALL_COMMIT_OFFSET, commit);
        BufferHeader.wordOpaque(buffer, BufferHeader.STALL_SINCE_OFFSET, nowNs == 0 ? 1 : nowNs);
        return 0;
    }

    private List<InFlight> writersOf(long position) {
        List<InFlight> writers = new ArrayList<>();
        for (int i = 0; i < InFlightTable.THREAD_ENTRIES + InFlightTable.RESERVATION_ENTRIES; i++) {
            long entry = InFlightTable.entry(ring.buffer, i);
            long word = InFlightTable.wordVolatile(entry);
            long closing = InFlightTable.closingVolatile(entry);
            boolean reserving = word != 0 && geometry.position(word) == position;
            boolean closes = closing != 0 && geometry.position(closing) == position;
            if (reserving || closes) {
                long extent = InFlightTable.extentVolatile(entry);
                writers.add(new InFlight(
                        entry,
                        geometry.offset(word),
                        reserving ? extent & 0xFFFFFFFFL : 0,
                        closes ? closing : 0,
                        isAlive((int) (extent >>> 32))));
            }
        }
        return writers;
    }

    // The slot number comes from shared memory: untrusted.
    private boolean isAlive(int slot) {
        if (slot < 0 || slot >= ChannelHeader.PROCESS_SLOTS) {
            return false;
        }
        long header = ring.meta.address();
        long pid = ChannelHeader.processIdAcquire(header, slot);
        long start = ChannelHeader.processStartAcquire(header, slot);
        return pid != 0 && new ProcessIdentity(pid, start).isAlive();
    }

    private void giveUp(long position, long commit, List<InFlight> writers) {
        int index = geometry.indexOf(position);
        long lap = geometry.lapOf(position);
        long entry = ring.entry(index);
        // Rounded up over the borrow: the closer's share is in when the lap has been added.
        boolean closerMissing = geometry.lapsAhead(commit + geometry.recordUnit(), lap) < 1;
        boolean closerAlive = false;
        if (SubBufferTable.infoVolatile(entry) >>> geometry.offsetBits() != lap) {
            InFlight closer =
                    writers.stream().filter(w -> w.closing != 0).findFirst().orElse(null);
            long payload = closer == null ? 0 : geometry.offset(closer.closing);
            closerAlive = closer != null && closer.alive;
            SubBufferTable.infoVolatile(entry, ring.info(lap, payload));
            ring.count(BufferHeader.CLOSED_BYTES_OFFSET, closerAlive ? 0 : payload);
        }
        long payload = ring.payload(position);
        long missing = closerMissing
                ? payload - geometry.commitBytes(commit)
                : -geometry.commitBytes(commit) & geometry.offsetMask();
        List<InFlight> lost = account(writers, payload, missing);
        boolean marked = lost != null;
        if (marked) {
            for (InFlight writer : lost) {
                marked &= holes.mark(lap, index, writer.offset, writer.length);
                if (!writer.alive) {
                    holes.clear(index, writer.offset, writer.length);
                }
            }
        }
        holes.count(marked ? lost.size() : Math.max(1, writers.size()), marked ? missing : payload);
        SubBufferTable.givenUpVolatile(entry, (lap + 1) << 1 | (marked ? 0 : 1));
        BufferHeader.wordOpaque(ring.buffer, BufferHeader.STALL_SINCE_OFFSET, 0);
        if (marked && !closerAlive && writers.stream().noneMatch(InFlight::alive)) {
            repair(entry, missing + (closerMissing ? geometry.lapUnit() - payload : 0), writers);
        } else {
            delivery.deliver();
        }
    }

    /// Makes the commit word whole for the dead, so that the sub-buffer can be used again.
    private void repair(long entry, long delta, List<InFlight> dead) {
        for (InFlight writer : dead) {
            InFlightTable.closingRelease(writer.entry, 0);
            InFlightTable.release(writer.entry);
        }
        delivery.settle(entry, SubBufferTable.commitGetAndAdd(entry, delta) + delta);
    }

    /// The one set of announced reservations that makes up exactly the missing bytes; null when there is none or more
    /// than one: an announcement may be of a reservation that failed or has been committed.
    private static List<InFlight> account(List<InFlight> writers, long payload, long missing) {
        List<InFlight> candidates = writers.stream()
                .filter(w -> w.length > 0 && w.offset + w.length <= payload)
                .toList();
        if (candidates.size() > MAX_CANDIDATES) {
            return null;
        }
        List<InFlight> found = null;
        for (int set = 0; set < 1 << candidates.size(); set++) {
            List<InFlight> chosen = new ArrayList<>();
            long sum = 0;
            for (int i = 0; i < candidates.size(); i++) {
                if ((set & 1 << i) != 0) {
                    chosen.add(candidates.get(i));
                    sum += candidates.get(i).length;
                }
            }
            if (sum == missing && found != null) {
                return null;
            }
            found = sum == missing ? chosen : found;
        }
        return found;
    }
}
