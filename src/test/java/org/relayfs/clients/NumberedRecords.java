package org.relayfs.clients;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// Records that tell whether they arrived whole, once and in order: magic, length, thread, checksum (4 bytes each),
/// number (8 bytes), then bytes without a meaning.
///
/// A checker takes the stream of one buffer after the other. Each thread numbers its records from 0; in one
/// buffer its numbers must grow, and all buffers together must have each number once.
final class NumberedRecords {
    static final int HEADER_LENGTH = 24;
    private static final int MAGIC = 0x79614c52;
    private static final int CHECKSUM_OFFSET = 12;

    private final byte[][] seen;
    private final long[] last;
    private final boolean ordered;

    private NumberedRecords(int threads, int records, boolean ordered) {
        seen = new byte[threads][records];
        last = new long[threads];
        this.ordered = ordered;
    }

    /// A checker.
    ///
    /// @param threads how many have written
    /// @param records how many each has written
    NumberedRecords(int threads, int records) {
        this(threads, records, true);
    }

    /// A checker of one stream into which somebody has put what came from several buffers: only the order in each
    /// of them meant something.
    ///
    /// @param threads how many have written
    /// @param records how many each has written
    /// @return the checker
    static NumberedRecords ofMerged(int threads, int records) {
        return new NumberedRecords(threads, records, false);
    }

    /// @param thread number of the thread
    /// @param number of the record
    /// @param length of the record
    /// @return the record
    static byte[] make(int thread, long number, int length) {
        byte[] record = new byte[length];
        new SplittableRandom(thread * 1_000_003L + number).nextBytes(record);
        ByteBuffer.wrap(record)
                .order(ByteOrder.nativeOrder())
                .putInt(MAGIC)
                .putInt(length)
                .putInt(thread)
                .putInt(0)
                .putLong(number);
        ByteBuffer.wrap(record).order(ByteOrder.nativeOrder()).putInt(CHECKSUM_OFFSET, checksum(record, 0, length));
        return record;
    }

    /// With the checksum itself taken as 0.
    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, offset, CHECKSUM_OFFSET);
        sum.update(bytes, offset + CHECKSUM_OFFSET + Integer.BYTES, length - CHECKSUM_OFFSET - Integer.BYTES);
        return (int) sum.getValue();
    }

    /// Takes all that was read from one buffer.
    ///
    /// @param stream the bytes
    /// @return how many records there were
    int addStream(byte[] stream) {
        beginStream();
        return addPart(stream);
    }

    /// What comes next is from another buffer than what came before.
    void beginStream() {
        Arrays.fill(last, -1);
    }

    /// Takes whole records that follow in the same buffer.
    ///
    /// @param stream the bytes
    /// @return how many records there were
    int addPart(byte[] stream) {
        ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.nativeOrder());
        int count = 0;
        int at = 0;
        while (at < stream.length) {
            int left = stream.length - at;
            int length = left < HEADER_LENGTH ? 0 : bytes.getInt(at + 4);
            boolean whole = length >= HEADER_LENGTH
                    && length <= left
                    && bytes.getInt(at) == MAGIC
                    && bytes.getInt(at + CHECKSUM_OFFSET) == checksum(stream, at, length);
            if (!whole) {
                throw new AssertionError("no whole record at " + at + " of " + stream.length + ", length " + length
                        + ": " + HexFormat.of().formatHex(stream, at, at + Math.min(left, 64)));
            }
            add(bytes.getInt(at + 8), bytes.getLong(at + 16));
            at += length;
            count++;
        }
        return count;
    }

    private void add(int thread, long number) {
        if (ordered && number <= last[thread]) {
            throw new AssertionError("thread " + thread + ": " + number + " after " + last[thread]);
        }
        last[thread] = number;
        if (++seen[thread][(int) number] != 1) {
            throw new AssertionError("thread " + thread + ": " + number + " once more");
        }
    }

    /// All records have arrived.
    void assertComplete() {
        for (int thread = 0; thread < seen.length; thread++) {
            for (int number = 0; number < seen[thread].length; number++) {
                if (seen[thread][number] != 1) {
                    throw new AssertionError("record " + number + " of thread " + thread + " is missing");
                }
            }
        }
    }
}
