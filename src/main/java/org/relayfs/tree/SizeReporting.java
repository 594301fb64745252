package org.relayfs.tree;

import java.util.Arrays;
import java.util.Locale;
import org.relayfs.linux.ErrnoException;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.text.Setting;

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

    /// {@return the one of that name}
    ///
    /// @param text as written into `size_reporting`
    /// @throws ErrnoException there is none
    static SizeReporting of(String text) throws ErrnoException {
        SizeReporting[] all = values();
        return all[
                Setting.oneOf(
                        "size_reporting",
                        text,
                        Arrays.stream(all).map(SizeReporting::word).toArray(String[]::new))];
    }

    abstract long of(RingBuffer buffer);

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
