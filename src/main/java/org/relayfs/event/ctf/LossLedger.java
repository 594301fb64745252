package org.relayfs.event.ctf;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/// What the first events of a stream's sub-buffers say of what is missing between them. The first one that is seen says
/// where the stream begins: what was lost before is not missing in it.
final class LossLedger {
    static final int CPU = 4;
    static final int POSITION = 8;
    static final int COUNTS = 32;
    static final int SIZE = 64;

    private static final List<Loss.Cause> CAUSES =
            List.of(Loss.Cause.FULL, Loss.Cause.TOO_BIG, Loss.Cause.STRAGGLER, Loss.Cause.ABANDONED);

    private final Queue<Loss> losses = new ArrayDeque<>();
    private final long[] counts = new long[CAUSES.size()];
    private long position;
    private boolean hasBegun;

    /// Takes the payload of such an event.
    void take(byte[] bytes, int at) {
        long next = (long) ByteWindow.LONG.get(bytes, at + POSITION);
        if (hasBegun && next - position > 1) {
            losses.add(new Loss(Loss.Cause.OVERWRITTEN, next - position - 1));
        }
        if (next <= position) {
            Arrays.fill(counts, 0); // a resize has made another buffer
        }
        position = next;
        for (int i = 0; i < counts.length; i++) {
            // Who opens a sub-buffer may have read a count before the one who had opened the last: it has fallen then.
            long more = (long) ByteWindow.LONG.get(bytes, at + COUNTS + i * Long.BYTES) - counts[i];
            if (hasBegun && more > 0) {
                losses.add(new Loss(CAUSES.get(i), more));
            }
            counts[i] += Math.max(0, more);
        }
        hasBegun = true;
    }

    /// Takes what the last packet of a stream says: the number of all records that its buffer has lost.
    void takeDiscarded(long discarded) {
        long known = 0;
        for (long count : counts) {
            known += count;
        }
        if (hasBegun && discarded - known > 0) {
            losses.add(new Loss(Loss.Cause.DISCARDED, discarded - known));
        }
    }

    /// {@return the next loss that was not told yet, or null}
    Loss poll() {
        return losses.poll();
    }

    /// {@return the position of the sub-buffer, 0 if it is not known}
    long position() {
        return position;
    }

    /// {@return whether bytes could be the payload of the first event of one of the sub-buffers that follow}
    boolean couldFollow(byte[] bytes, int at) {
        if (!hasBegun) {
            return true;
        }
        for (int i = 0; i < counts.length; i++) {
            if ((long) ByteWindow.LONG.get(bytes, at + COUNTS + i * Long.BYTES) - counts[i] < 0) {
                return false;
            }
        }
        return (long) ByteWindow.LONG.get(bytes, at + POSITION) - position > 0;
    }
}
