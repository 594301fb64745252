package org.relayfs.tool.cli;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A time on the command line, as sleep(1) and timeout(1) take it: `10`, `1.5`, `10s`, `5m`, `2h`.
public final class TimeSpan implements ITypeConverter<Duration> {
    /// Longer than anybody waits.
    public static final Duration LONGEST = Duration.ofDays(366);

    private static final Pattern FORM = Pattern.compile("(\\d{1,8}(?:\\.\\d{1,3})?)([smhd]?)");
    private static final Map<String, Integer> SECONDS = Map.of("", 1, "s", 1, "m", 60, "h", 3600, "d", 86_400);

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            double seconds = Double.parseDouble(form.group(1)) * SECONDS.get(form.group(2));
            Duration time = Duration.ofMillis(Math.round(seconds * 1000));
            if (time.isPositive() && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        }
        throw new TypeConversionException(
                "'" + text + "' is no time of 1 ms to 366 days; write for example 10, 1.5s or 5m");
    }
}
