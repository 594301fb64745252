package org.relayfs.testing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.relayfs.buffer.ChannelBuffer;

/// Records as text: one character a byte.
public final class Text {
    private static final int MUCH = 1 << 21;

    private Text() {}

    /// {@return the bytes of a record}
    ///
    /// @param text its characters, up to U+00FF
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Reads everything that is in a buffer.
    ///
    /// @param buffer is read out
    /// @return what was in it
    public static String read(ChannelBuffer buffer) {
        return read(buffer, MUCH);
    }

    /// Reads once.
    ///
    /// @param buffer is read
    /// @param length at most so many bytes
    /// @return what was read
    public static String read(ChannelBuffer buffer, int length) {
        MemorySegment target = MemorySegment.ofArray(new byte[length]);
        int read = buffer.read(target, 0, length);
        return new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }
}
