package org.relayfs.ring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.ring.MissingBytes.Claim;

/// A snapshot of a buffer's in-flight table, and of which processes in it are alive. Its words come from shared
/// memory and are untrusted. Immutable.
final class InFlightScan {
    /// A busy entry.
    ///
    /// @param word    reserve word of its reservation
    /// @param extent  states, process slot and length
    /// @param closing reserve word of what it closes or skips, without the mark; 0 = none
    /// @param counted true when the closer has counted the payload
    record Writer(long entry, long word, long extent, long closing, boolean counted, boolean alive) {}

    private final Geometry geometry;
    private final List<Writer> writers;

    private InFlightScan(Geometry geometry, List<Writer> writers) {
        this.geometry = geometry;
        this.writers = List.copyOf(writers);
    }

    /// @param isAlive tells it of a process slot
    /// @param region  address of the buffer's region
    static InFlightScan of(Geometry geometry, IntPredicate isAlive, long region) {
        List<Writer> writers = new ArrayList<>();
        Map<Integer, Boolean> alive = new HashMap<>();
        for (int i = 0; i < InFlightTable.THREAD_ENTRIES + InFlightTable.CLAIMED_ENTRIES; i++) {
            long entry = InFlightTable.entry(region, i);
            long word = InFlightTable.wordVolatile(entry);
            long closing = InFlightTable.closingVolatile(entry);
            long extent = InFlightTable.extentVolatile(entry);
            if (geometry.isReserveWord(word)) {
                long closed = closing & ~InFlightTable.COUNTED;
                writers.add(new Writer(
                        entry,
                        word,
                        extent,
                        geometry.isReserveWord(closed) ? closed : 0,
                        (closing & InFlightTable.COUNTED) != 0,
                        alive.computeIfAbsent(InFlightTable.process(extent), isAlive::test)));
            }
        }
        return new InFlightScan(geometry, writers);
    }

    List<Writer> writers() {
        return writers;
    }

    /// Those who reserve or close there.
    List<Writer> at(long position) {
        return writers.stream()
                .filter(writer -> reserves(writer, position) || closes(writer, position))
                .toList();
    }

    private boolean reserves(Writer writer, long position) {
        return geometry.position(writer.word) == position;
    }

    private boolean closes(Writer writer, long position) {
        return writer.closing != 0 && geometry.position(writer.closing) == position;
    }

    /// Those who have, or may have, taken on the duty to close or skip it.
    List<Writer> closers(long position) {
        return writers.stream().filter(writer -> closes(writer, position)).toList();
    }

    /// The reservations there, as far as their bytes are still owed.
    List<Claim> claims(long position) {
        List<Claim> claims = new ArrayList<>();
        for (Writer writer : writers) {
            if (reserves(writer, position)) {
                addClaims(writer, claims);
            }
        }
        return claims;
    }

    private void addClaims(Writer writer, List<Claim> claims) {
        long offset = geometry.offset(writer.word);
        long length = InFlightTable.length(writer.extent);
        boolean reserved = (writer.extent & InFlightTable.RESERVED) != 0;
        boolean committing = (writer.extent & InFlightTable.COMMITTING) != 0;
        boolean headerDone = (writer.extent & InFlightTable.HEADER_DONE) != 0;
        long header = offset == 0 && (committing || headerDone) ? Math.min(geometry.headerLength(), length) : 0;
        if (header == 0) {
            claims.add(new Claim(offset, length, reserved && !committing, writer.alive));
        } else if (headerDone) {
            claims.add(new Claim(header, length - header, reserved && !committing, writer.alive));
        } else {
            claims.add(new Claim(0, header, false, writer.alive));
            claims.add(new Claim(header, length - header, true, writer.alive));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InFlightScan scan && scan.writers.equals(writers);
    }

    @Override
    public int hashCode() {
        return writers.hashCode();
    }
}
