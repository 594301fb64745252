package org.relayfs.tool.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// Times of day in nanoseconds since 1970, as people write and read them. One thread.
final class TimeOfDay {
    private static final long SECOND = 1_000_000_000L;
    private static final int DIGITS = 9;
    private static final int MAX_LENGTH = 40;

    private final ZoneId zone;
    private long secondShown = Long.MIN_VALUE;
    private String shown;

    TimeOfDay(ZoneId zone) {
        this.zone = zone;
    }

    /// Appends date, time and nine digits behind the second. What lies within one second is worked out once.
    void append(long time, StringBuilder text) {
        long second = Math.floorDiv(time, SECOND);
        if (second != secondShown) {
            LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochSecond(second), zone);
            shown = local.toLocalDate() + " " + local.toLocalTime().withNano(0);
            shown = local.getSecond() == 0 ? shown + ":00" : shown;
            secondShown = second;
        }
        text.append(shown).append('.');
        digits(Math.floorMod(time, SECOND), text);
    }

    /// Appends seconds with nine digits behind the point, and a sign.
    static void appendSpan(long span, StringBuilder text) {
        text.append(span < 0 ? '-' : '+').append(Math.abs(span / SECOND)).append('.');
        digits(Math.abs(span % SECOND), text);
    }

    private static void digits(long rest, StringBuilder text) {
        int start = text.length();
        text.repeat('0', DIGITS);
        long left = rest;
        for (int i = start + DIGITS - 1; left > 0; i--) {
            text.setCharAt(i, (char) ('0' + left % 10));
            left /= 10;
        }
    }

    /// Reads `2026-12-24T18:00`, `2026-12-24 18:00:00.5`, `18:00` (today), each of them with `Z` or an offset, or
    /// `@SECONDS` since 1970.
    long parse(String option, String text) throws ToolException {
        String word = text.strip().replace(' ', 'T');
        try {
            if (word.length() > MAX_LENGTH) {
                throw new DateTimeException(word);
            }
            Instant instant = word.startsWith("@") ? seconds(word.substring(1)) : instant(word);
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano());
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new ToolException(
                    ExitCode.USAGE,
                    option + ": '" + text + "' is no time; write for example 18:30, 2026-12-24T18:30:00.5, "
                            + "2026-12-24T17:30Z or @1782322200.5");
        }
    }

    private static Instant seconds(String word) {
        if (!word.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.' || c == '-')) {
            throw new NumberFormatException(word);
        }
        BigDecimal seconds = new BigDecimal(word);
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Instant.ofEpochSecond(
                whole.longValueExact(),
                seconds.subtract(whole).movePointRight(DIGITS).longValue());
    }

    private Instant instant(String word) {
        String full = word.contains("T") ? word : LocalDate.now(zone) + "T" + word;
        try {
            return OffsetDateTime.parse(full).toInstant();
        } catch (DateTimeParseException e) {
            return LocalDateTime.parse(full).atZone(zone).toInstant();
        }
    }
}
