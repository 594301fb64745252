package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.relayfs.layout.EventLayout;
import org.relayfs.linux.CurrentCpu;

/// The texts that are written to files: in a channel of events each becomes a `text` event, without the end of line
/// that tools like `echo` add. What is no text becomes a `bytes` event, whole: bytes that are not UTF-8, or a NUL,
/// which viewers take for the end. In other channels a text is a record like any other. Any thread.
public final class TextEvents {
    private TextEvents() {}

    /// Logs a text.
    ///
    /// @param buffer to log to
    /// @param source of the text
    /// @param offset of its first byte
    /// @param length bytes; none: nothing is logged
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    public static int write(RingBuffer buffer, MemorySegment source, long offset, int length) {
        if (buffer.events == null) {
            return buffer.write(source, offset, length);
        }
        if (length == 0) {
            return 0;
        }
        MemorySegment text = source.asSlice(offset, length);
        long thread = CurrentCpu.threadNumber(CurrentCpu.here());
        boolean isText = isText(text);
        int logged = isText
                ? buffer.events.write(0, thread, EventLayout.TEXT, text, 0, lengthOf(text))
                : buffer.events.write(0, thread, EventLayout.BYTES, text, 0, length);
        return logged < 0 ? logged : length;
    }

    /// Logs a text for a writer that waits for room, see [RingBuffer#writeIfRoom].
    ///
    /// @param buffer to log to
    /// @param source of the text
    /// @param offset of its first byte
    /// @param length bytes; none: nothing is logged
    /// @return `length`, or one of [org.relayfs.buffer.WriteResult]
    public static int writeIfRoom(RingBuffer buffer, MemorySegment source, long offset, int length) {
        if (buffer.events == null) {
            return buffer.writeIfRoom(source, offset, length);
        }
        if (length == 0) {
            return 0;
        }
        MemorySegment text = source.asSlice(offset, length);
        boolean isText = isText(text);
        int logged = buffer.writeIfRoom(
                isText ? EventLayout.TEXT : EventLayout.BYTES, text, 0, isText ? lengthOf(text) : length);
        return logged < 0 ? logged : length;
    }

    private static int lengthOf(MemorySegment text) {
        int length = (int) text.byteSize();
        return text.get(ValueLayout.JAVA_BYTE, length - 1) == '\n' ? length - 1 : length;
    }

    /// {@return true for UTF-8 without a NUL}
    static boolean isText(MemorySegment bytes) {
        long length = bytes.byteSize();
        for (long at = 0; at < length; ) {
            int step = step(bytes, at, length - at);
            if (step == 0) {
                return false;
            }
            at += step;
        }
        return true;
    }

    // How many bytes the character takes; 0 when there is none.
    private static int step(MemorySegment bytes, long at, long left) {
        int first = byteAt(bytes, at);
        if (first < 0x80) {
            return first == 0 ? 0 : 1;
        }
        int count = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (count == 0 || count > left) {
            return 0;
        }
        int second = byteAt(bytes, at + 1);
        // Neither longer than need be, nor half a pair, nor beyond the last character.
        int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        boolean valid = second >= least && second <= most;
        for (int i = 2; i < count; i++) {
            valid &= (byteAt(bytes, at + i) & 0xC0) == 0x80;
        }
        return valid ? count : 0;
    }

    private static int byteAt(MemorySegment bytes, long at) {
        return bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }
}
