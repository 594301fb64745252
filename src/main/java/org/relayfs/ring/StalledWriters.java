package org.relayfs.ring;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.RecordCopy;
import org.relayfs.ring.InFlightScan.Writer;

/// The detection of writers that do not return between reserve and commit; it gives their bytes up. Under the
/// reader's lock, in the owning process.
///
/// The rule: the oldest undelivered sub-buffer is looked at whenever a reader asks and gets nothing. If nothing in
/// it has changed for 10 ms and every writer in flight there belongs to a dead process, or if nothing has changed
/// for the channel's `abandonAfter`, what those writers have reserved becomes holes: counted as abandoned, skipped by
/// readers, zeroed if their writer is dead. If it cannot be told what they have reserved, the whole sub-buffer becomes
/// one hole. A writer that returns later still finds its bytes untouched: the sub-buffer is not used again until that
/// writer has left it. The entries of the dead are freed.
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
        this.dead = new DeadWriters(ring, isAlive);
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
        boolean open = geometry.position(word) == position && geometry.isOpen(word);
        boolean closed = !open && geometry.position(word) >= position;
        if (closed && ring.isComplete(position)) {
            // Whoever completed it was stopped before it could deliver.
            delivery.deliver();
            return Finding.DELIVERED;
        }
        if (!closed && !(open && ring.announced.settled(word) != geometry.offset(word))) {
            forget();
            return Finding.NONE;
        }
        return judge(position, open ? word : 0, nowNs);
    }

    private Finding judge(long position, long openWord, long nowNs) {
        InFlightScan scan = InFlightScan.of(ring, isAlive);
        List<Writer> writers = scan.at(position);
        long age = age(position, openWord, writers.hashCode(), nowNs);
        boolean allDead = !writers.isEmpty() && writers.stream().noneMatch(Writer::alive);
        if (age < Math.min(QUICK_LOOK_NS, abandonAfter()) || age < abandonAfter() && !allDead) {
            return Finding.NONE;
        }
        Verdict verdict = Verdict.of(ring, scan);
        if (!verdict.isKnown() && age < abandonAfter()) {
            return Finding.NONE;
        }
        if (openWord != 0) {
            dead.dismiss(scan, verdict);
            return ring.announced.settled(openWord) == geometry.offset(openWord) ? Finding.NONE : Finding.CLOSE_FIRST;
        }
        // What was read word by word was true at one moment if nothing has moved since.
        if (!InFlightScan.of(ring, isAlive).at(position).equals(writers)) {
            return Finding.NONE;
        }
        giveUp(position, writers, verdict);
        return Finding.DELIVERED;
    }

    private long abandonAfter() {
        long ns = ChannelHeader.wordPlain(ring.meta.address(), ChannelHeader.ABANDON_AFTER_OFFSET);
        return Math.clamp(ns, SHORTEST_NS, LONGEST_NS);
    }

    /// How long nothing has moved there.
    private long age(long position, long word, long writers, long nowNs) {
        long region = ring.region;
        long since = BufferHeader.wordOpaque(region, BufferHeader.STALL_SINCE_OFFSET);
        boolean same = since != 0
                && BufferHeader.wordOpaque(region, BufferHeader.STALL_POSITION_OFFSET) == position
                && BufferHeader.wordOpaque(region, BufferHeader.STALL_RESERVE_OFFSET) == word
                && BufferHeader.wordOpaque(region, BufferHeader.STALL_WRITERS_OFFSET) == writers;
        if (same) {
            return nowNs - since;
        }
        BufferHeader.setWordOpaque(region, BufferHeader.STALL_POSITION_OFFSET, position);
        BufferHeader.setWordOpaque(region, BufferHeader.STALL_RESERVE_OFFSET, word);
        BufferHeader.setWordOpaque(region, BufferHeader.STALL_WRITERS_OFFSET, writers);
        BufferHeader.setWordOpaque(region, BufferHeader.STALL_SINCE_OFFSET, nowNs == 0 ? 1 : nowNs);
        return 0;
    }

    private void forget() {
        BufferHeader.setWordOpaque(ring.region, BufferHeader.STALL_SINCE_OFFSET, 0);
    }

    private void giveUp(long position, List<Writer> writers, Verdict verdict) {
        int index = geometry.indexOf(position);
        long lap = geometry.lapOf(position);
        if (!ring.isClosed(position)) {
            closeFor(closers(position, writers, verdict), lap, index);
            forgetClosers(position, writers);
        }
        long payload = ring.payload(position);
        List<Writer> lost = writers.stream()
                .filter(writer -> verdict.isLost(writer) && geometry.position(writer.word()) == position)
                .filter(writer -> lostBytes(writer) > 0)
                .toList();
        boolean marked = verdict.isKnown() && mark(lost, lap, index, payload);
        if (marked) {
            holes.count(lost.size(), lost.stream().mapToLong(this::lostBytes).sum());
        } else {
            holes.count(Math.max(1, writers.size()), payload);
        }
        restoreHeader(position, writers, payload);
        if (!marked && geometry.hasEvents() && writers.stream().noneMatch(Writer::alive)) {
            fillWithLost(index, payload);
        }
        SubBufferTable.setGivenUpVolatile(ring.entry(index), (lap + 1) << 1 | (marked ? 0 : 1));
        forget();
        delivery.deliver();
        free(writers, verdict);
    }

    private List<Writer> closers(long position, List<Writer> writers, Verdict verdict) {
        return writers.stream()
                .filter(writer -> writer.closing() != 0 && geometry.position(writer.closing()) == position)
                .filter(writer -> verdict.mayHaveClosed(ring, writer) || !verdict.isKnown())
                .toList();
    }

    // What the closer would have stored. Of several announcements the one with the largest offset is it: the others'
    // CAS has failed.
    private void closeFor(List<Writer> closers, long lap, int index) {
        Writer closer = closers.stream()
                .max(Comparator.comparingLong(writer -> geometry.offset(writer.closing())))
                .orElse(null);
        long offset = closer == null ? 0 : geometry.offset(closer.closing());
        boolean skipped = offset > geometry.subBufferSize();
        boolean counted = skipped || closer == null || closer.alive() || closer.counted();
        ring.count(BufferHeader.CLOSED_BYTES_OFFSET, counted ? 0 : offset);
        delivery.say(lap, index, skipped ? geometry.offsetMask() : offset);
    }

    // Also those that had not closed it: with the announcement of one only, two that have announced the same change
    // would not look the same any more, and nobody could tell whose it was.
    private void forgetClosers(long position, List<Writer> writers) {
        for (Writer writer : writers) {
            boolean closing = writer.closing() != 0 && geometry.position(writer.closing()) == position;
            if (closing && !writer.alive()) {
                InFlightTable.setClosingRelease(writer.entry(), 0);
            }
        }
    }

    private boolean mark(List<Writer> lost, long lap, int index, long payload) {
        for (Writer writer : lost) {
            long offset = geometry.offset(writer.word()) + headerIn(writer);
            boolean fits = offset + lostBytes(writer) <= payload;
            if (fits && geometry.hasEvents() && !writer.alive()) {
                LostEvents.put(ring, index, offset, lostBytes(writer), writer.time());
                continue;
            }
            if (!fits || !holes.mark(lap, index, offset, lostBytes(writer))) {
                return false;
            }
            if (!writer.alive()) {
                holes.clear(index, offset, lostBytes(writer));
            }
        }
        return true;
    }

    // The first reservation of a sub-buffer takes its padding header, too, which is not lost: it is known.
    private long headerIn(Writer writer) {
        return geometry.offset(writer.word()) == 0 ? Math.min(geometry.headerLength(), writer.length()) : 0;
    }

    private long lostBytes(Writer writer) {
        return writer.length() - headerIn(writer);
    }

    private void restoreHeader(long position, List<Writer> writers, long payload) {
        int index = geometry.indexOf(position);
        long begun = InFlightScan.begun(geometry, writers, position);
        if (geometry.hasEvents() && begun != 0) {
            // The first event is larger than a word, and its writer may have died in the middle.
            SubBufferEvent.store(ring, geometry.lapOf(position), index, begun);
        }
        if (geometry.headerLength() > 0) {
            PaddingHeader.store(ring, index, geometry.subBufferSize() - payload);
        }
    }

    // Nobody can tell where events begin in there. For those who look through a mapping: readers skip all of it.
    private void fillWithLost(int index, long payload) {
        long first = geometry.headerLength();
        if (payload >= first + EventLayout.HEADER_SIZE) {
            long time = RecordCopy.getLong(ring.address(index, EventLayout.TIMESTAMP_OFFSET));
            LostEvents.put(ring, index, first, payload - first, time);
        }
    }

    // Those that are needed elsewhere stay: for the sub-buffer after this one.
    private void free(List<Writer> writers, Verdict verdict) {
        List<Writer> untold = writers.stream()
                .filter(writer -> !writer.alive() && writer.isInDoubt())
                .toList();
        if (!verdict.isKnown() && verdict.unbooked().isPresent()) {
            dead.freeUntold(untold, verdict);
        }
        dead.sweep();
    }
}
