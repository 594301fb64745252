package org.relayfs.tree.text;

import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The syntax of numbers in control files and commands: digits only, no sign, no space.
public final class DecimalText {
    /// This many digits always fit into a long.
    private static final int MAX_DIGITS = 18;

    private DecimalText() {}

    /// A count.
    ///
    /// @param what  the file or key, for the message
    /// @param text  the digits
    /// @param least the smallest value
    /// @param limit the largest value
    /// @return the number
    /// @throws ErrnoException EINVAL
    public static long parse(String what, String text, long least, long limit) throws ErrnoException {
        return inRange(what, text, digits(text, text.length()), least, limit, "write a decimal number");
    }

    /// A number of bytes; `K`, `M` and `G` of either case stand for powers of 1024, as for `dd` and `mount`.
    ///
    /// @param what  the file or key, for the message
    /// @param text  the digits
    /// @param least the smallest value
    /// @param limit the largest value
    /// @return the number
    /// @throws ErrnoException EINVAL
    public static long parseSize(String what, String text, long least, long limit) throws ErrnoException {
        int shift = text.isEmpty() ? 0 : shift(text.charAt(text.length() - 1));
        long number = digits(text, shift == 0 ? text.length() : text.length() - 1);
        long bytes = number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
        return inRange(what, text, number < 0 ? number : bytes, least, limit, "write bytes, or a number and K, M or G");
    }

    private static int shift(char suffix) {
        return switch (suffix) {
            case 'k', 'K' -> 10;
            case 'm', 'M' -> 20;
            case 'g', 'G' -> 30;
            default -> 0;
        };
    }

    /// @return the value, or -1 when the first `length` characters are not digits
    private static long digits(String text, int length) {
        if (length == 0 || !text.chars().limit(length).allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return length > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(text, 0, length, 10);
    }

    private static long inRange(String what, String text, long value, long least, long limit, String remedy)
            throws ErrnoException {
        if (value < least || value > limit) {
            throw new ErrnoException(
                    Errno.EINVAL, what + ": value=\"" + text + "\", limit=" + least + " to " + limit + "; " + remedy);
        }
        return value;
    }
}
