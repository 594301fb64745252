package org.relayfs.tree.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The text of control files: what one `write(2)` brings, without the newline at its end, and what a read returns.
public final class ControlText {
    /// What relay-apps accept for a number.
    static final int MAX_NUMBER_LENGTH = 16;

    static final int MAX_WORD_LENGTH = 32;

    private ControlText() {}

    /// {@return a number, as text}
    ///
    /// @param what   the file or key, for the message
    /// @param source what was written
    /// @throws ErrnoException EINVAL: too long
    public static String number(String what, ByteBuffer source) throws ErrnoException {
        return of(what, source, MAX_NUMBER_LENGTH);
    }

    /// {@return a word}
    ///
    /// @param what   the file or key, for the message
    /// @param source what was written
    /// @throws ErrnoException EINVAL: too long
    public static String word(String what, ByteBuffer source) throws ErrnoException {
        return of(what, source, MAX_WORD_LENGTH);
    }

    /// {@return what was written, without the newline at its end}
    ///
    /// @param what   the file or key, for the message
    /// @param source what was written
    /// @param limit  most bytes
    /// @throws ErrnoException EINVAL: too long
    public static String of(String what, ByteBuffer source, int limit) throws ErrnoException {
        if (source.remaining() > limit) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    what + ": length=" + source.remaining() + ", limit=" + limit + " bytes; write less at once");
        }
        String text = StandardCharsets.ISO_8859_1.decode(source).toString();
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /// {@return as a file holds it}
    ///
    /// @param text ASCII
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
