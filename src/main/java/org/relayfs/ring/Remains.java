package org.relayfs.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.ring.InFlightScan.Writer;

/// What a buffer without an owner still holds, sub-buffer by sub-buffer, as its owner would have handed it to a reader
/// after it had waited for all writers; judged by a copy of its words. Changes nothing. For one thread.
///
/// A record of a writer that lives and is not done ends it: what is behind may have to be left out, or not.
final class Remains {
    /// Why bytes are left out.
    enum Cause {
        /// They were given up while the owner lived.
        HOLE,
        /// The record of a dead writer, not whole.
        UNFINISHED,
        /// A dead writer may have reserved them, or somebody else: the words do not tell.
        DOUBT
    }

    /// Bytes to leave out.
    record Gap(long begin, long end, Cause cause) {}

    /// What is to be read of one sub-buffer.
    ///
    /// @param from  offset of the first byte
    /// @param limit offset behind the last
    /// @param open  true when it was never closed
    /// @param gaps  sorted by their begin; may overlap
    /// @param begun timestamp of the first event, if its writer died before it was done with it; else 0
    record Portion(long position, long from, long limit, boolean open, List<Gap> gaps, long begun) {}

    private final RingView ring;
    private final Geometry geometry;
    private final Holes holes;
    private final Verdict verdict;
    private final Map<Long, List<Writer>> writers = new HashMap<>();
    private final List<Portion> portions = new ArrayList<>();
    private final long word;
    private final boolean whole;
    private long cut = Long.MAX_VALUE;
    private long unsaid;
    private long uncounted;

    /// @param ring    over a copy of the words
    /// @param isAlive tells it of a process slot, as it was before the copy was made
    /// @param look    what the copy is worth
    /// @param all     true: what was read before, too
    Remains(RingView ring, IntPredicate isAlive, WordsCopy.Look look, boolean all) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.holes = new Holes(ring);
        this.word = ring.reserve();
        InFlightScan scan = InFlightScan.of(ring, isAlive);
        this.verdict = look == WordsCopy.Look.STILL ? Verdict.of(ring, scan) : Verdict.untold(scan);
        scan.writers().forEach(this::sort);
        scan.writers().forEach(this::count);
        long last = geometry.position(word);
        long base = ring.damage.check(
                "BASE",
                BufferHeader.wordOpaque(ring.region, BufferHeader.BASE_OFFSET),
                last + geometry.subBufferCount());
        long begin = all ? base : ring.consumed();
        long first = Math.max(first(), begin);
        long offset = !all && first == begin ? ring.readOffset() : 0;
        // Positions begin with lap 1. Nothing that was read is missing when all is from there on.
        this.whole = first == base && offset == 0;
        for (long position = first; position <= last && cut == Long.MAX_VALUE; position++) {
            add(position, position == first ? offset : 0, look);
        }
    }

    private long first() {
        return Math.max(ring.oldestIntact(word), geometry.subBufferCount());
    }

    // A closer that died before it had counted its sub-buffer, or between that and saying how long it is.
    private void count(Writer writer) {
        long closing = writer.closing();
        if (writer.alive() || closing == 0 || !geometry.isOpen(closing) || !verdict.hasMade(writer)) {
            return;
        }
        long position = geometry.position(closing);
        if (position < first()) {
            uncounted += writer.counted() ? 0 : geometry.offset(closing);
        } else if (writer.counted() && !ring.isClosed(position)) {
            uncounted -= geometry.offset(closing);
        }
    }

    private void sort(Writer writer) {
        long reserving = writer.word() == 0 ? -1 : geometry.position(writer.word());
        long closing = writer.closing() == 0 ? -1 : geometry.position(writer.closing());
        writers.computeIfAbsent(reserving, at -> new ArrayList<>()).add(writer);
        if (closing != reserving) {
            writers.computeIfAbsent(closing, at -> new ArrayList<>()).add(writer);
        }
    }

    private void add(long position, long from, WordsCopy.Look look) {
        List<Writer> here = writers.getOrDefault(position, List.of());
        boolean open = position == geometry.position(word) && geometry.isOpen(word);
        boolean judged = isJudged(position);
        long limit = open ? geometry.offset(word) : ring.isClosed(position) ? ring.payload(position) : said(here);
        boolean closing = !open && here.stream().anyMatch(writer -> writer.alive() && isClosing(writer, position));
        if (closing && !judged || open && look == WordsCopy.Look.RETURNING) {
            limit = 0;
            cut = position * geometry.subBufferSize();
        }
        List<Gap> gaps = new ArrayList<>();
        addHoles(position, from, limit, gaps);
        if (!judged) {
            for (Writer writer : here) {
                limit = Math.min(limit, addUnlessDone(writer, position, limit, gaps));
            }
        }
        if (from < limit) {
            gaps.sort(Comparator.comparingLong(Gap::begin));
            long begun = InFlightScan.begun(geometry, here, position);
            portions.add(new Portion(position, from, limit, open, List.copyOf(gaps), begun));
        }
    }

    /// True when the owner, or whoever found nobody there, has settled it.
    private boolean isJudged(long position) {
        long complete = SubBufferTable.completeVolatile(ring.entry(geometry.indexOf(position)));
        return position < ring.delivered() || complete > geometry.lapOf(position) || ring.isGivenUp(position);
    }

    private boolean isClosing(Writer writer, long position) {
        return writer.closing() != 0 && geometry.position(writer.closing()) == position && !ring.isClosed(position);
    }

    // What a closer that died would have stored. Of several announcements the one with the largest offset is it.
    private long said(List<Writer> here) {
        Optional<Writer> closer = here.stream()
                .filter(writer -> writer.closing() != 0)
                .filter(writer -> verdict.mayHaveClosed(ring, writer) || !verdict.isKnown())
                .max(Comparator.comparingLong(writer -> geometry.offset(writer.closing())));
        unsaid += closer.isEmpty() ? 1 : 0;
        long offset = closer.map(writer -> geometry.offset(writer.closing())).orElse(0L);
        return offset > geometry.subBufferSize() ? 0 : offset;
    }

    private void addHoles(long position, long from, long limit, List<Gap> gaps) {
        long lap = geometry.lapOf(position);
        int index = geometry.indexOf(position);
        long offset = from;
        while (offset < limit) {
            long end = holes.endOfHole(lap, index, offset, limit);
            if (end > offset) {
                gaps.add(new Gap(offset, end, Cause.HOLE));
            }
            offset = end > offset ? end : holes.nextHole(lap, index, offset, limit);
        }
    }

    /// {@return where the sub-buffer ends because of a writer that is not done; the limit when it does not}
    private long addUnlessDone(Writer writer, long position, long limit, List<Gap> gaps) {
        if (writer.word() == 0 || geometry.position(writer.word()) != position) {
            return limit;
        }
        long offset = geometry.offset(writer.word());
        if (writer.alive()) {
            // Its words may belong to two records: only where it is, is certain.
            if (offset < limit) {
                cut = position * geometry.subBufferSize() + offset;
            }
            return Math.min(offset, limit);
        }
        long header = offset == 0 ? Math.min(geometry.headerLength(), writer.length()) : 0;
        long begin = offset + header;
        long end = Math.min(offset + writer.length(), limit);
        boolean doubt = !verdict.isKnown() && writer.isInDoubt() && !writer.isCommitted();
        if (begin < end && (doubt || verdict.isLost(writer))) {
            gaps.add(new Gap(begin, end, doubt ? Cause.DOUBT : Cause.UNFINISHED));
        }
        return limit;
    }

    /// {@return what there is, in order; nothing that is empty}
    List<Portion> portions() {
        return portions;
    }

    /// {@return how far it goes, as a distance; all when no living writer ends it}
    long cut() {
        return cut;
    }

    /// {@return true when nothing was read or overwritten since the buffer began}
    boolean isWhole() {
        return whole;
    }

    /// {@return bytes of sub-buffers that were overwritten and that nobody has counted, less those of sub-buffers that
    /// are counted and whose length nobody has said: they are among the [#portions()]}
    long uncounted() {
        return uncounted;
    }

    /// {@return how many sub-buffers were closed by nobody that is known: somebody has changed the words}
    long unsaid() {
        return unsaid;
    }
}
