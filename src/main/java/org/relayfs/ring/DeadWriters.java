package org.relayfs.ring;

import java.util.Comparator;
import java.util.List;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.ring.InFlightScan.Writer;
import org.relayfs.ring.MissingBytes.Claim;

/// The clean-up after writers that have died: it frees their entries in the in-flight table once nobody needs them
/// any more, and commits for them what they owe to sub-buffers that were overwritten before anybody looked at
/// them. Under the reader's lock, in the owning process.
final class DeadWriters {
    private final Ring ring;
    private final Geometry geometry;
    private final Delivery delivery;

    DeadWriters(Ring ring, Delivery delivery) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.delivery = delivery;
    }

    /// The closer whose CAS can have been the last one, or null.
    static Writer last(Geometry geometry, List<Writer> closers) {
        return closers.stream()
                .max(Comparator.comparingLong(closer -> geometry.offset(closer.closing())))
                .orElse(null);
    }

    void sweep() {
        long delivered = ring.delivered();
        InFlightScan scan = InFlightScan.of(geometry, ring.processes::isAlive, ring.region);
        for (Writer writer : scan.writers()) {
            if (!writer.alive() && isPast(geometry, writer, delivered)) {
                repair(writer);
            }
        }
        free(geometry, ring.processes, ring.region, -1);
    }

    private static boolean isPast(Geometry geometry, Writer writer, long delivered) {
        return geometry.position(writer.word()) < delivered
                && (writer.closing() == 0 || geometry.position(writer.closing()) < delivered);
    }

    /// Frees the entries of dead processes that no longer matter. Any process.
    ///
    /// @param processes those of the channel
    /// @param region  address of the buffer's region
    /// @param process slot of the process that is meant, or -1 for all
    /// @return false when some must stay
    static boolean free(Geometry geometry, ProcessTable processes, long region, int process) {
        boolean all = true;
        long delivered = BufferHeader.deliveredVolatile(region);
        for (Writer writer :
                InFlightScan.of(geometry, processes::isAlive, region).writers()) {
            int slot = InFlightTable.process(writer.extent());
            if (!writer.alive() && (process < 0 || process == slot)) {
                boolean owes = owes(geometry, region, writer.word()) || owes(geometry, region, writer.closing());
                boolean done = isPast(geometry, writer, delivered) && !owes;
                all &= done;
                if (done) {
                    InFlightTable.free(writer.entry(), writer.word(), slot + 1L);
                }
            }
        }
        freeClaims(processes, region, process);
        return all;
    }

    // Something of its lap may be outstanding still: then no later lap has been opened.
    private static boolean owes(Geometry geometry, long region, long word) {
        int index = geometry.index(word);
        long commit = SubBufferTable.commitVolatile(SubBufferTable.entry(region, index));
        long reserve = BufferHeader.reserveVolatile(region);
        boolean openedSince = geometry.isOpen(reserve) && geometry.index(reserve) == index;
        boolean settled =
                geometry.isBalanced(commit) && geometry.lapsAhead(commit, geometry.lapsPassed(reserve, index)) == 0;
        return word != 0 && !openedSince && !settled;
    }

    private static void freeClaims(ProcessTable processes, long region, int process) {
        for (int i = 0; i < InFlightTable.CLAIMED_ENTRIES; i++) {
            long entry = InFlightTable.entry(region, InFlightTable.THREAD_ENTRIES + i);
            long owner = InFlightTable.ownerVolatile(entry);
            boolean meant = owner != 0 && (process < 0 || process == owner - 1);
            if (meant && InFlightTable.wordVolatile(entry) == 0 && !processes.isAlive((int) owner - 1)) {
                InFlightTable.free(entry, 0, owner);
            }
        }
    }

    private void repair(Writer writer) {
        repairAt(geometry.position(writer.word()));
        if (writer.closing() != 0 && geometry.position(writer.closing()) != geometry.position(writer.word())) {
            repairAt(geometry.position(writer.closing()));
        }
    }

    /// Commits what dead writers owe at a position that readers have passed. That the debt is theirs, and no living
    /// writer's of a later lap, is proven by the closer being missing, by a reservation that is certainly not
    /// committed, or by there being no living writer at all in that sub-buffer. Whatever moves meanwhile, nothing
    /// is done then: the next sweep comes.
    private void repairAt(long position) {
        int index = geometry.indexOf(position);
        long entry = ring.entry(index);
        long word = ring.reserve();
        long commit = SubBufferTable.commitVolatile(entry);
        if (geometry.isOpen(word) && geometry.index(word) == index) {
            return;
        }
        InFlightScan scan = scan();
        Debt debt = switch ((int) ring.lapsAhead(commit, geometry.lapsPassed(word, index))) {
            case 0 -> owedBytes(scan, position, commit);
            case -1 -> owedClose(scan, position, commit);
            default -> Debt.NONE;
        };
        boolean stood =
                scan.equals(scan()) && geometry.lapsPassed(ring.reserve(), index) == geometry.lapsPassed(word, index);
        long paid = commit + debt.delta;
        if (paid != commit && stood && SubBufferTable.commitCompareAndSet(entry, commit, paid)) {
            ring.count(BufferHeader.CLOSED_BYTES_OFFSET, debt.uncounted);
            delivery.settle(entry, paid);
        }
    }

    /// A debt: what is to be added to the commit word, and the payload that the closer has not counted.
    private record Debt(long delta, long uncounted) {
        static final Debt NONE = new Debt(0, 0);
    }

    private InFlightScan scan() {
        return InFlightScan.of(geometry, ring.processes::isAlive, ring.region);
    }

    private Debt owedBytes(InFlightScan scan, long position, long commit) {
        List<Claim> claims = scan.claims(position);
        boolean certain = claims.stream().anyMatch(claim -> claim.certain() && !claim.alive() && claim.length() > 0);
        if (!certain && hasLivingWriter(scan, geometry.indexOf(position))) {
            return Debt.NONE;
        }
        long missing = -geometry.commitBytes(commit) & geometry.offsetMask();
        MissingBytes bytes = MissingBytes.explain(claims, geometry.subBufferSize(), missing);
        return bytes == null ? Debt.NONE : new Debt(bytes.owedByTheDead(missing), 0);
    }

    private boolean hasLivingWriter(InFlightScan scan, int index) {
        return scan.writers().stream().anyMatch(writer -> writer.alive() && geometry.index(writer.word()) == index);
    }

    private Debt owedClose(InFlightScan scan, long position, long commit) {
        List<Writer> closers = scan.writers().stream()
                .filter(writer -> writer.closing() != 0)
                .filter(writer -> geometry.index(writer.closing()) == geometry.indexOf(position))
                .toList();
        boolean later = closers.stream().anyMatch(closer -> geometry.position(closer.closing()) > position);
        if (closers.isEmpty() || later || closers.stream().anyMatch(Writer::alive)) {
            return Debt.NONE;
        }
        Writer closer = last(geometry, scan.closers(position));
        if (closer == null) {
            return Debt.NONE;
        }
        if (!geometry.isOpen(closer.closing())) {
            return new Debt(geometry.lapUnit(), 0);
        }
        long payload = geometry.offset(closer.closing());
        long missing = payload - geometry.commitBytes(commit);
        MissingBytes bytes = MissingBytes.explain(scan.claims(position), payload, missing);
        long owed = bytes == null ? 0 : bytes.owedByTheDead(missing);
        return new Debt(geometry.lapUnit() - payload + owed, closer.counted() ? 0 : payload);
    }
}
