package org.relayfs.ring;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.relayfs.buffer.BufferStats;
import org.relayfs.layout.BufferHeader;
import org.relayfs.ring.Remains.Cause;

/// What was found in a buffer of a dead owner. Immutable.
///
/// @param slot       of the buffer, which is its CPU
/// @param subBuffers that something was read of
/// @param bytes      that were read
/// @param records    in these bytes; -1 when that is not known
/// @param holes      left out: reservations that were given up while the owner lived
/// @param unfinished left out: records of dead writers
/// @param doubtful   left out: what may be a dead writer's record, or somebody else's
/// @param overtaken  sub-buffers that were overwritten while they were read
/// @param isCut      true when a writer that lives has not finished a record, and what is behind is not read
/// @param isStopped  true when it was to end early
/// @param lost       records that writers have lost since the buffer was made, whatever was reset, unfinished ones
///     included; 0 when that is not known
/// @param stats      the counters; empty when they are damaged
/// @param damage     that was found; empty when there is none
public record RecoveredBuffer(
        int slot,
        long subBuffers,
        long bytes,
        long records,
        LeftOut holes,
        LeftOut unfinished,
        LeftOut doubtful,
        long overtaken,
        boolean isCut,
        boolean isStopped,
        long lost,
        Optional<BufferStats> stats,
        Optional<String> damage) {
    /// Bytes that were left out.
    ///
    /// @param count pieces
    /// @param bytes of them
    public record LeftOut(long count, long bytes) {
        LeftOut plus(long more) {
            return more == 0 ? this : new LeftOut(count + 1, bytes + more);
        }
    }

    /// {@return what is said of a buffer that cannot be opened}
    ///
    /// @param slot of the buffer
    /// @param why  it cannot
    public static RecoveredBuffer unreadable(int slot, String why) {
        Builder builder = new Builder(slot);
        builder.damage(why);
        return builder.build(0);
    }

    /// {@return true when something that was there may be missing}
    public boolean isIncomplete() {
        return doubtful.count() > 0 || overtaken > 0 || isCut || isStopped || damage.isPresent();
    }

    /// One that grows.
    static final class Builder {
        private final int slot;
        private final Map<Cause, LeftOut> leftOut = new EnumMap<>(Cause.class);
        private long subBuffers;
        private long overtaken;
        private boolean cut;
        private boolean stopped;
        private boolean whole;
        private long lost;
        private BufferStats stats;
        private String damage;

        Builder(int slot) {
            this.slot = slot;
        }

        void addSubBuffer() {
            subBuffers++;
        }

        void leaveOut(Cause cause, long bytes) {
            leftOut.put(cause, of(cause).plus(bytes));
        }

        private LeftOut of(Cause cause) {
            return leftOut.getOrDefault(cause, new LeftOut(0, 0));
        }

        void overtaken() {
            overtaken++;
        }

        void stopped() {
            stopped = true;
        }

        /// Keeps the first.
        void damage(String what) {
            damage = damage == null ? what : damage;
        }

        /// After all was read.
        void judge(Remains remains, RingView ring) {
            cut = remains.cut() != Long.MAX_VALUE;
            whole = remains.isWhole();
            if (remains.unsaid() > 0) {
                damage("INFO: sub-buffers that nobody has closed: " + remains.unsaid());
            }
            if (BufferHeader.wordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET) == BufferHeader.DAMAGED) {
                damage("found by its owner");
            }
            stats = BufferCounters.read(ring, slot, remains.uncounted());
            lost = BufferCounters.lost(ring) + of(Cause.UNFINISHED).count();
        }

        RecoveredBuffer build(long bytes) {
            boolean counted = whole && !cut && !stopped && overtaken == 0 && damage == null && stats != null;
            boolean exact = counted && stats.abandoned() == 0 && of(Cause.DOUBT).count() == 0;
            return new RecoveredBuffer(
                    slot,
                    subBuffers,
                    bytes,
                    exact ? stats.records() : -1,
                    of(Cause.HOLE),
                    of(Cause.UNFINISHED),
                    of(Cause.DOUBT),
                    overtaken,
                    cut,
                    stopped,
                    lost,
                    Optional.ofNullable(stats),
                    Optional.ofNullable(damage));
        }
    }
}
