package org.relayfs.tree;

import java.util.Arrays;
import java.util.Locale;
import org.relayfs.ring.RingBuffer;

/// The meaning of `st_size` of a relay file, as `size_reporting` names it.
enum SizeReporting {
    /// The payload of the closed sub-buffers, as in Linux relay.
    RELAY {
        @Override
        long of(RingBuffer buffer) {
            return buffer.fileSize();
        }
    },
    /// The length of the mapping, for programs that compare the two.
    BUFFER {
        @Override
        long of(RingBuffer buffer) {
            return buffer.dataSize();
        }
    },
    /// Also what is in the open sub-buffer, for programs that read no more than `st_size`, or expect it not to be less
    /// than what they have read.
    ALL {
        @Override
        long of(RingBuffer buffer) {
            return buffer.writtenSize();
        }
    };

    /// The words, in the order of the values.
    static final String[] WORDS =
            Arrays.stream(values()).map(SizeReporting::word).toArray(String[]::new);

    abstract long of(RingBuffer buffer);

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
