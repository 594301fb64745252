package org.relayfs.tool.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Bytes as people write and read them: `64K`, `1.5M`. Units are powers of 1024, as in `dd` and `ls -h`.
public final class ByteSize implements ITypeConverter<Long> {
    private static final String UNITS = "KMGTPE";
    private static final int KIBI = 1024;

    /// Prints three digits or so.
    public static String text(double bytes) {
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit < UNITS.length() - 1) {
            value /= KIBI;
            unit++;
        }
        String number = String.format(Locale.ROOT, unit >= 0 && value < 9.95 ? "%.1f" : "%.0f", value);
        return unit < 0 ? number : number + UNITS.charAt(unit);
    }

    @Override
    public Long convert(String text) {
        String number = text.toUpperCase(Locale.ROOT);
        int unit = number.isEmpty() ? -1 : UNITS.indexOf(number.charAt(number.length() - 1));
        try {
            long count = Long.parseLong(unit < 0 ? number : number.substring(0, number.length() - 1));
            long factor = 1L << (10 * (unit + 1));
            if (count > 0 && count <= Long.MAX_VALUE / factor) {
                return count * factor;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new TypeConversionException("'" + text + "' is not a size; write for example 65536, 64K or 1G");
    }
}
