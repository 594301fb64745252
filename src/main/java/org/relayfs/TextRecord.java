package org.relayfs;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.relayfs.linux.CurrentCpu;

/// A text as a record in UTF-8. What is needed to make its bytes is used again and again: there is one for each CPU,
/// so that no two threads want the same, as a rule. Any thread.
final class TextRecord {
    private static final int MOST_PER_CHAR = 3;
    private static final int SHORT = 2048;
    private static final int LANES = 64;
    private static final int NONE = -1;
    private static final AtomicReferenceArray<TextRecord> FREE = new AtomicReferenceArray<>(LANES);

    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final CharBuffer units;
    private ByteBuffer bytes;
    private int lane = NONE;

    private TextRecord(int most) {
        // The JDK encodes fast from array to array.
        units = CharBuffer.allocate(most);
        bytes = ByteBuffer.allocate(most * MOST_PER_CHAR);
        encoder.onMalformedInput(CodingErrorAction.REPLACE);
    }

    /// Makes the bytes of a record.
    ///
    /// @param text  of the record
    /// @param limit bytes beyond which no record is accepted
    /// @return a record to be written, and then [#free]d
    static TextRecord of(CharSequence text, long limit) {
        int count = text.length();
        if (count > SHORT) {
            return ofLong(text, count, limit);
        }
        int lane = CurrentCpu.get() & LANES - 1;
        TextRecord record = FREE.getAndSet(lane, null);
        if (record == null) {
            record = new TextRecord(SHORT); // the first time, or another thread is in between
        }
        record.lane = lane;
        record.encode(text, count);
        return record;
    }

    private static TextRecord ofLong(CharSequence text, int count, long limit) {
        boolean tooBig = count > limit || count > Integer.MAX_VALUE / MOST_PER_CHAR;
        TextRecord record = new TextRecord(tooBig ? 0 : count);
        if (tooBig) {
            // However it is encoded: refused, and counted, by its length.
            record.bytes = ByteBuffer.allocate(count).position(count);
        } else {
            record.encode(text, count);
        }
        return record;
    }

    private void encode(CharSequence text, int count) {
        text.getChars(0, count, units.array(), 0);
        units.limit(count).position(0);
        bytes.clear();
        encoder.reset().encode(units, bytes, true);
    }

    byte[] bytes() {
        return bytes.array();
    }

    /// {@return how many of the bytes are the record}
    int length() {
        return bytes.position();
    }

    MemorySegment segment() {
        return MemorySegment.ofArray(bytes.array()).asSlice(0, bytes.position());
    }

    /// Lets the next thread use it.
    void free() {
        if (lane != NONE) {
            FREE.setRelease(lane, this);
        }
    }
}
