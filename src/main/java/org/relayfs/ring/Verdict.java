package org.relayfs.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.ring.InFlightScan.Writer;

/// The answer to what dead writers leave open: whether a change of the reserve word that one had announced was made.
///
/// Every change is booked in the entry of its writer, so the sum of all entries is the distance that the word has
/// gone. What is missing from that sum was made by writers who died between their CAS and the booking. If just one
/// set of them accounts for it, those have made their change and the others have not. Immutable.
final class Verdict {
    private static final int MAX_TRIES = 5000;
    private static final int MAX_IN_DOUBT = 12;

    private final List<Writer> made;
    private final boolean known;
    private final OptionalLong unbooked;

    private Verdict(List<Writer> made, boolean known, OptionalLong unbooked) {
        this.made = made;
        this.known = known;
        this.unbooked = unbooked;
    }

    /// Judges the dead writers of a snapshot. While others write at full speed the words are read again and again,
    /// until the reserve word stands still for so long.
    static Verdict of(RingView ring, InFlightScan scan) {
        List<Writer> dead = scan.writers().stream()
                .filter(writer -> writer.isInDoubt() && !writer.alive())
                .toList();
        if (dead.isEmpty()) {
            return new Verdict(dead, true, OptionalLong.of(0));
        }
        OptionalLong unbooked = unbooked(ring, dead);
        return unbooked.isEmpty() || dead.size() > MAX_IN_DOUBT
                ? new Verdict(List.of(), false, unbooked)
                : explain(dead, unbooked);
    }

    /// {@return the verdict when no sum can be taken}
    static Verdict untold(InFlightScan scan) {
        boolean none = scan.writers().stream().noneMatch(writer -> writer.isInDoubt() && !writer.alive());
        return new Verdict(List.of(), none, OptionalLong.empty());
    }

    private static Verdict explain(List<Writer> dead, OptionalLong unbooked) {
        List<Writer> made = null;
        for (int set = 0; set < 1 << dead.size(); set++) {
            List<Writer> these = members(dead, set);
            if (these.stream().mapToLong(Writer::delta).sum() == unbooked.getAsLong()) {
                if (made != null && !changes(made).equals(changes(these))) {
                    return new Verdict(List.of(), false, unbooked);
                }
                made = these;
            }
        }
        return made == null ? new Verdict(List.of(), false, unbooked) : new Verdict(made, true, unbooked);
    }

    // Several may have announced the same change. Whose it was makes no difference.
    private static Set<List<Long>> changes(List<Writer> writers) {
        return writers.stream()
                .map(writer -> List.of(writer.word(), writer.length(), writer.closing(), writer.delta()))
                .collect(Collectors.toSet());
    }

    private static List<Writer> members(List<Writer> writers, int set) {
        List<Writer> members = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            if ((set & 1 << i) != 0) {
                members.add(writers.get(i));
            }
        }
        return members;
    }

    /// {@return bytes that the reserve word has gone and nobody has booked, or nothing when it never stood still or a
    /// living writer is in doubt, too}
    static OptionalLong unbooked(RingView ring, List<Writer> dead) {
        Geometry geometry = ring.geometry;
        long origin =
                geometry.distance(geometry.reserveWord(0, geometry.subBufferCount() - 1, geometry.closedOffset(), 0));
        // Twice the same: the word may have come back to the same value, when somebody gave a reservation back.
        OptionalLong before = OptionalLong.empty();
        for (int i = 0; i < MAX_TRIES; i++) {
            long word = BufferHeader.reserveVolatile(ring.region);
            OptionalLong booked = booked(ring, dead);
            if (booked.isPresent() && BufferHeader.reserveVolatile(ring.region) == word) {
                // In the 63 bits that a TOTAL has for it.
                long missing = (geometry.distance(word) - origin - booked.getAsLong()) << 1 >> 1;
                if (before.isPresent() && before.getAsLong() == missing) {
                    return before;
                }
                before = OptionalLong.of(missing);
            }
            Thread.onSpinWait();
        }
        return OptionalLong.empty();
    }

    private static OptionalLong booked(RingView ring, List<Writer> dead) {
        int claimed = ring.announced.claimedUsed();
        int end = ring.announced.endOfThreads();
        long sum = 0;
        for (int i = 0; i < end; i++) {
            if (i >= claimed && i < InFlightTable.CLAIMED_ENTRIES) {
                continue;
            }
            long entry = InFlightTable.entry(ring.region, i);
            long word = InFlightTable.wordAcquire(entry);
            long extent = InFlightTable.extentAcquire(entry);
            long total = InFlightTable.totalAcquire(entry);
            boolean booked = word == 0 || Extent.isBooked(extent, total);
            if (!booked
                    && dead.stream().noneMatch(writer -> writer.entry() == entry)
                    && Extent.change(extent, InFlightTable.deltaOpaque(entry)) != 0) {
                return OptionalLong.empty();
            }
            sum += total >> 1;
        }
        return OptionalLong.of(sum);
    }

    /// {@return false when what somebody has made cannot be told}
    boolean isKnown() {
        return known;
    }

    /// {@return what is missing from the sum, if it could be taken}
    OptionalLong unbooked() {
        return unbooked;
    }

    /// {@return true when the writer's announced change was made, as far as is known}
    boolean hasMade(Writer writer) {
        return writer.isBooked() || made.contains(writer);
    }

    /// {@return true when the writer's reservation is its own and not complete}
    boolean isLost(Writer writer) {
        boolean reserved = writer.returns() ? !hasMade(writer) : hasMade(writer);
        return writer.word() != 0 && writer.length() > 0 && reserved && !writer.isCommitted();
    }

    /// {@return true when the writer has, or may have, taken on the duty to close what it announces}
    boolean mayHaveClosed(RingView ring, Writer writer) {
        // The close of a full sub-buffer moves the reserve word by no byte, so no sum tells of it.
        boolean moved = writer.delta() == 0 && isBehind(ring.geometry, ring.reserve(), writer.closing());
        return hasMade(writer) || moved;
    }

    private static boolean isBehind(Geometry geometry, long word, long closing) {
        return geometry.place(word) > geometry.place(closing)
                || geometry.place(word) == geometry.place(closing) && geometry.offset(word) > geometry.offset(closing);
    }
}
