package org.relayfs.robustness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A record that proves itself: `magic | length | writer | number`, then words that follow from writer and number.
/// `src/test/c/checking_reader.c` checks it.
final class CheckedRecord {
    static final int HEADER_LENGTH = 24;
    private static final int MAGIC = 0x6b636568;

    private CheckedRecord() {}

    static byte[] make(int writer, long number, int words) {
        ByteBuffer record =
                ByteBuffer.allocate(HEADER_LENGTH + words * Long.BYTES).order(ByteOrder.nativeOrder());
        record.putInt(MAGIC).putInt(record.capacity()).putLong(writer).putLong(number);
        long first = mix(number ^ (long) writer << 56);
        for (int i = 0; i < words; i++) {
            record.putLong(first + i);
        }
        return record.array();
    }

    /// What the numbers below `count` are mixed to, in sum: another list of as many numbers has another sum.
    static long sumOfTheFirst(long count) {
        long sum = 0;
        for (long number = 0; number < count; number++) {
            sum += mix(number);
        }
        return sum;
    }

    private static long mix(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
