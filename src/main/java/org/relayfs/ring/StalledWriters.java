package org.relayfs.ring;

import java.util.List;
import java.util.function.IntPredicate;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.ring.InFlightScan.Writer;
import org.relayfs.ring.MissingBytes.Claim;

/// The detection of writers that do not return between reserve and commit; it gives their bytes up. Under the
/// reader's lock, in the owning process.
///
/// The rule: the oldest undelivered sub-buffer is looked at whenever a reader asks and gets nothing. If nothing in
/// it has changed for 10 ms and every writer in flight there belongs to a dead process, or if nothing has changed
/// for the channel's `abandonAfter`, the missing bytes become holes: counted as abandoned, skipped by readers,
/// zeroed if their writer is dead. If the in-flight table does not account for the missing bytes, the whole
/// sub-buffer becomes one hole. A writer that returns later still finds its bytes untouched: the sub-buffer is not
/// used again until that writer has committed. What the dead owe is committed for them.
final class StalledWriters {
    private static final long QUICK_LOOK_NS = 10_000_000;
    private static final long SWEEP_NS = 100_000_000;
    // What a channel can be configured to.
    private static final long SHORTEST_NS = 1_000_000;
    private static final long LONGEST_NS = 3_600_000_000_000L;

    private final Ring ring;
    private final Geometry geometry;
    private final Delivery delivery;
    private final Holes holes;
    private final DeadWriters dead;
    private final IntPredicate isAlive;
    private long sweptNs = System.nanoTime();

    StalledWriters(Ring ring, Delivery delivery, Holes holes) {
        this(ring, delivery, holes, ring.processes::isAlive);
    }

    /// @param isAlive tells it of a process slot
    StalledWriters(Ring ring, Delivery delivery, Holes holes, IntPredicate isAlive) {
        this.ring = ring;
        this.isAlive = isAlive;
        this.geometry = ring.geometry;
        this.delivery = delivery;
        this.holes = holes;
        this.dead = new DeadWriters(ring, delivery);
    }

    /// The result of a check.
    enum Finding {
        /// Nothing is stalled, or not for long enough.
        NONE,
        /// The open sub-buffer is stalled: close it and look again.
        CLOSE_FIRST,
        /// A sub-buffer was delivered: there may be something to read.
        DELIVERED
    }

    /// Looks at the oldest undelivered sub-buffer.
    Finding look(long nowNs) {
        if (nowNs - sweptNs >= SWEEP_NS) {
            sweptNs = nowNs;
            dead.sweep();
        }
        long position = ring.delivered();
        long word = ring.reserve();
        long commit = SubBufferTable.commitVolatile(ring.entry(geometry.indexOf(position)));
        boolean open = geometry.position(word) == position && geometry.isOpen(word);
        boolean closed = !open && geometry.position(word) >= position;
        if (closed && ring.isComplete(position)) {
            // Whoever completed it was stopped before it could deliver.
            delivery.deliver();
            return Finding.DELIVERED;
        }
        if (!closed && !(open && geometry.commitBytes(commit) != geometry.offset(word))) {
            forget();
            return Finding.NONE;
        }
        return judge(position, open ? word : 0, commit, nowNs);
    }

    private Finding judge(long position, long openWord, long commit, long nowNs) {
        long age = age(position, openWord, commit, nowNs);
        if (age < Math.min(QUICK_LOOK_NS, abandonAfter())) {
            return Finding.NONE;
        }
        InFlightScan scan = scan();
        List<Writer> writers = scan.at(position);
        boolean allDead = !writers.isEmpty() && writers.stream().noneMatch(Writer::alive);
        if (age < abandonAfter() && !allDead) {
            return Finding.NONE;
        }
        if (openWord != 0) {
            return Finding.CLOSE_FIRST;
        }
        // What was read word by word was true at one moment if nothing has moved since.
        boolean moved = !scan().at(position).equals(writers)
                || SubBufferTable.commitVolatile(ring.entry(geometry.indexOf(position))) != commit;
        if (moved) {
            return Finding.NONE;
        }
        giveUp(position, commit, scan);
        return Finding.DELIVERED;
    }

    private InFlightScan scan() {
        return InFlightScan.of(geometry, isAlive, ring.region);
    }

    private long abandonAfter() {
        long ns = ChannelHeader.wordPlain(ring.meta.address(), ChannelHeader.ABANDON_AFTER_OFFSET);
        return Math.clamp(ns, SHORTEST_NS, LONGEST_NS);
    }

    /// How long nothing has moved there.
    private long age(long position, long word, long commit, long nowNs) {
        long region = ring.region;
        long since = BufferHeader.wordOpaque(region, BufferHeader.STALL_SINCE_OFFSET);
        boolean same = since != 0
                && BufferHeader.wordOpaque(region, BufferHeader.STALL_POSITION_OFFSET) == position
                && BufferHeader.wordOpaque(region, BufferHeader.STALL_RESERVE_OFFSET) == word
                && BufferHeader.wordOpaque(region, BufferHeader.STALL_COMMIT_OFFSET) == commit;
        if (same) {
            return nowNs - since;
        }
        BufferHeader.setWordOpaque(region, BufferHeader.STALL_POSITION_OFFSET, position);
        BufferHeader.setWordOpaque(region, BufferHeader.STALL_RESERVE_OFFSET, word);
        BufferHeader.setWordOpaque(region, BufferHeader.STALL_COMMIT_OFFSET, commit);
        BufferHeader.setWordOpaque(region, BufferHeader.STALL_SINCE_OFFSET, nowNs == 0 ? 1 : nowNs);
        return 0;
    }

    private void forget() {
        BufferHeader.setWordOpaque(ring.region, BufferHeader.STALL_SINCE_OFFSET, 0);
    }

    private void giveUp(long position, long commit, InFlightScan scan) {
        int index = geometry.indexOf(position);
        long lap = geometry.lapOf(position);
        long entry = ring.entry(index);
        boolean closerMissing = ring.lapsAhead(commit, lap) < 1;
        List<Writer> closers = closerMissing ? scan.closers(position) : List.of();
        boolean skipped = closers.stream().anyMatch(closer -> !geometry.isOpen(closer.closing()));
        if (SubBufferTable.infoVolatile(entry) >>> geometry.offsetBits() != lap) {
            closeFor(closers, entry, lap, skipped);
        }
        long payload = ring.payload(position);
        long missing = closerMissing
                ? payload - geometry.commitBytes(commit)
                : -geometry.commitBytes(commit) & geometry.offsetMask();
        MissingBytes bytes = skipped ? null : MissingBytes.explain(scan.claims(position), payload, missing);
        boolean marked = bytes != null && mark(bytes, lap, index);
        if (!skipped) {
            holes.count(
                    marked
                            ? bytes.lost().size()
                            : Math.max(1, scan.claims(position).size()),
                    marked ? bytes.lostBytes() : payload);
        }
        SubBufferTable.setGivenUpVolatile(entry, (lap + 1) << 1 | (marked ? 0 : 1));
        forget();
        long owed = bytes == null ? 0 : bytes.owedByTheDead(missing);
        boolean closerDead = !closers.isEmpty() && closers.stream().noneMatch(Writer::alive);
        long closing = closerDead ? geometry.lapUnit() - (skipped ? 0 : payload) : 0;
        if (owed + closing != 0) {
            delivery.settle(entry, SubBufferTable.commitGetAndAdd(entry, owed + closing) + owed + closing);
        }
        delivery.deliver();
    }

    // What the closer would have stored. Of several announcements the one with the largest offset is it: the others'
    // CAS has failed.
    private void closeFor(List<Writer> closers, long entry, long lap, boolean skipped) {
        if (skipped) {
            ring.count(BufferHeader.SKIPPED_OFFSET, 1);
            SubBufferTable.setInfoVolatile(entry, ring.skippedInfo(lap));
            return;
        }
        Writer closer = DeadWriters.last(geometry, closers);
        long payload = closer == null ? 0 : geometry.offset(closer.closing());
        boolean counted = closer == null || closer.alive() || closer.counted();
        ring.count(BufferHeader.CLOSED_BYTES_OFFSET, counted ? 0 : payload);
        SubBufferTable.setInfoVolatile(entry, ring.info(lap, payload));
    }

    private boolean mark(MissingBytes bytes, long lap, int index) {
        for (Claim claim : bytes.lost()) {
            if (!holes.mark(lap, index, claim.offset(), claim.length())) {
                return false;
            }
            if (!claim.alive()) {
                holes.clear(index, claim.offset(), claim.length());
            }
        }
        return true;
    }
}
