package org.relayfs.ring;

import java.util.Arrays;

/// Pieces of a buffer in stream order; neighbours in memory become one piece. For one thread.
final class Extents {
    private long[] addresses = new long[64];
    private long[] lengths = new long[64];
    private int count;
    private long total;

    void clear() {
        count = 0;
        total = 0;
    }

    void add(long address, long length) {
        total += length;
        if (count > 0 && addresses[count - 1] + lengths[count - 1] == address) {
            lengths[count - 1] += length;
            return;
        }
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        addresses[count] = address;
        lengths[count++] = length;
    }

    int count() {
        return count;
    }

    long total() {
        return total;
    }

    long address(int index) {
        return addresses[index];
    }

    long length(int index) {
        return lengths[index];
    }
}
