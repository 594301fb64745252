package org.relayfs.ring;

import java.util.ArrayList;
import java.util.List;

/// The search for the announced reservations that account for the missing bytes of a sub-buffer. Immutable.
///
/// What is known: how many bytes are missing, which reservations are certainly not committed, and which may be. If
/// the certain ones account for exactly what is missing, that is the answer. Otherwise every set of uncertain ones
/// that accounts for the rest is possible, and all of those are treated as lost: rather drop a record of a writer
/// that never returned from its write than deliver a byte that nobody has written.
final class MissingBytes {
    private static final int MAX_UNCERTAIN = 12;

    /// A reservation, or the part of one that is still owed.
    ///
    /// @param certain false when it may have been committed, or never been made
    record Claim(long offset, long length, boolean certain, boolean alive) {
        boolean overlaps(Claim other) {
            return offset < other.offset + other.length && other.offset < offset + length;
        }
    }

    private final List<Claim> lost;
    private final boolean exact;

    private MissingBytes(List<Claim> lost, boolean exact) {
        this.lost = List.copyOf(lost);
        this.exact = exact;
    }

    /// @param claims  reservations of the sub-buffer; the same one may be announced twice
    /// @param payload bytes of the sub-buffer
    /// @param missing how many of them
    /// @return null when the claims do not explain it
    static MissingBytes explain(List<Claim> claims, long payload, long missing) {
        List<Claim> lost = new ArrayList<>();
        List<Claim> uncertain = new ArrayList<>();
        long rest = missing;
        for (Claim claim : claims.stream().distinct().toList()) {
            if (claim.length > 0 && claim.offset + claim.length <= payload) {
                (claim.certain ? lost : uncertain).add(claim);
                rest -= claim.certain ? claim.length : 0;
            }
        }
        // Two reservations do not overlap: next to a certain one, the uncertain one was never made.
        uncertain.removeIf(claim -> lost.stream().anyMatch(claim::overlaps));
        if (rest < 0 || rest > 0 && uncertain.size() > MAX_UNCERTAIN) {
            return null;
        }
        return rest == 0 ? new MissingBytes(lost, true) : explainRest(lost, uncertain, rest);
    }

    private static MissingBytes explainRest(List<Claim> lost, List<Claim> uncertain, long rest) {
        int all = 0;
        int found = 0;
        for (int set = 1; set < 1 << uncertain.size(); set++) {
            if (sum(uncertain, set) == rest && isPossible(uncertain, set)) {
                all |= set;
                found++;
            }
        }
        if (found == 0) {
            return null;
        }
        for (int i = 0; i < uncertain.size(); i++) {
            if ((all & 1 << i) != 0) {
                lost.add(uncertain.get(i));
            }
        }
        return new MissingBytes(lost, found == 1);
    }

    private static long sum(List<Claim> claims, int set) {
        long sum = 0;
        for (int i = 0; i < claims.size(); i++) {
            sum += (set & 1 << i) != 0 ? claims.get(i).length : 0;
        }
        return sum;
    }

    private static boolean isPossible(List<Claim> claims, int set) {
        for (int i = 0; i < claims.size(); i++) {
            for (int j = 0; j < i; j++) {
                if ((set & 1 << i) != 0 && (set & 1 << j) != 0 && claims.get(i).overlaps(claims.get(j))) {
                    return false;
                }
            }
        }
        return true;
    }

    /// What is to be passed over; at least what is missing.
    List<Claim> lost() {
        return lost;
    }

    long lostBytes() {
        return lost.stream().mapToLong(Claim::length).sum();
    }

    /// The number of missing bytes that belong to writers that cannot return; 0 if that is not certain.
    long owedByTheDead(long missing) {
        if (lost.stream().noneMatch(Claim::alive)) {
            return missing;
        }
        return exact
                ? lost.stream()
                        .filter(claim -> !claim.alive)
                        .mapToLong(Claim::length)
                        .sum()
                : 0;
    }
}
