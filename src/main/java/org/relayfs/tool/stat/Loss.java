package org.relayfs.tool.stat;

import java.util.ArrayList;
import java.util.List;
import org.relayfs.buffer.BufferStats;

/// The losses, by cause: everything that did not reach a reader.
///
/// @param full        records refused by a full buffer
/// @param big         records that were too big
/// @param straggler   records refused: a stalled writer in every sub-buffer, or 64 open reservations
/// @param abandoned   records whose writer died or stalled
/// @param bytes       of the refused records
/// @param overwritten bytes overwritten before they were read
public record Loss(long full, long big, long straggler, long abandoned, long bytes, long overwritten) {
    static final Loss NONE = new Loss(0, 0, 0, 0, 0, 0);

    /// In overwrite mode `full` counts switches, which lose nothing by themselves. Without it nothing is ever
    /// overwritten; `stats`, read while writers are at work, may say otherwise for a moment.
    static Loss of(BufferStats stats, boolean overwrite) {
        return new Loss(
                overwrite ? 0 : stats.full(),
                stats.big(),
                stats.straggler(),
                stats.abandoned(),
                stats.lostBytes(),
                overwrite ? stats.overwritten() : 0);
    }

    Loss plus(Loss other) {
        return new Loss(
                full + other.full,
                big + other.big,
                straggler + other.straggler,
                abandoned + other.abandoned,
                bytes + other.bytes,
                overwritten + other.overwritten);
    }

    /// The losses since `before`.
    Loss since(Loss before) {
        return new Loss(
                Math.max(0, full - before.full),
                Math.max(0, big - before.big),
                Math.max(0, straggler - before.straggler),
                Math.max(0, abandoned - before.abandoned),
                Math.max(0, bytes - before.bytes),
                Math.max(0, overwritten - before.overwritten));
    }

    public boolean isNone() {
        return equals(NONE);
    }

    public long records() {
        return full + big + straggler + abandoned;
    }

    /// `12 records (full 10, big 2), 4096 bytes; 512 bytes overwritten`.
    public String text() {
        List<String> causes = new ArrayList<>();
        addCause(causes, "full", full);
        addCause(causes, "big", big);
        addCause(causes, "straggler", straggler);
        addCause(causes, "abandoned", abandoned);
        String why = causes.isEmpty() ? "" : " (" + String.join(", ", causes) + ")";
        String refused = bytes == 0 ? "" : ", " + bytes + " bytes";
        return records() + " records" + why + refused
                + (overwritten == 0 ? "" : "; " + overwritten + " bytes overwritten");
    }

    private static void addCause(List<String> causes, String name, long count) {
        if (count > 0) {
            causes.add(name + " " + count);
        }
    }
}
