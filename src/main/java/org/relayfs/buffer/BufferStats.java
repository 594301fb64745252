package org.relayfs.buffer;

/// The counters of one buffer, read at one moment. Losses are counted by cause; counters never wrap, start at zero
/// with the buffer, and are restarted by a reset.
///
/// @param cpu            the CPU the buffer belongs to
/// @param produced       sub-buffers closed and complete (P)
/// @param consumed       sub-buffers consumed (C)
/// @param ready          payload bytes that can be read now in closed sub-buffers
/// @param bytesWritten   payload bytes accepted
/// @param bytesRead      payload bytes delivered to readers (read) or released by `subBuffersConsumed`
/// @param records        records accepted
/// @param full           attempts refused because the buffer was full; in overwrite mode, switches made while it
///     was full
/// @param big            attempts refused because the record was too big
/// @param straggler      attempts refused: a stalled writer in every sub-buffer, or 64 open reservations
/// @param lostBytes      bytes of all refused attempts
/// @param overwritten    payload bytes overwritten before they were read
/// @param skipped        sub-buffers skipped because a writer had stalled in them
/// @param abandoned      reservations given up because their writer died or stalled
/// @param abandonedBytes bytes of those reservations
/// @param damaged        true when its shared memory is damaged: what else stands here may be wrong
public record BufferStats(
        int cpu,
        long produced,
        long consumed,
        long ready,
        long bytesWritten,
        long bytesRead,
        long records,
        long full,
        long big,
        long straggler,
        long lostBytes,
        long overwritten,
        long skipped,
        long abandoned,
        long abandonedBytes,
        boolean damaged) {}
