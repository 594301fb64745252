package org.relayfs.tool.report;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.relayfs.event.Level;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Option;

/// The options that say which events are wanted.
final class EventChoice {
    @Option(names = "--utc", description = "Times are in UTC instead of local time.")
    private boolean utc;

    @Option(
            names = {"-t", "--type"},
            split = ",",
            paramLabel = "NAME",
            description = "Only events of these types; * stands for any characters. Without it, all but subbuffer, "
                    + "which begins each sub-buffer.")
    private List<String> types = List.of();

    @Option(
            names = {"-l", "--level"},
            paramLabel = "LEVEL",
            description = "Only events of this level or a higher one: trace, debug, info, warn, error.")
    private String level;

    @Option(
            names = "--thread",
            split = ",",
            paramLabel = "THREAD",
            description = "Only events of these threads, by number or name.")
    private List<String> threads = List.of();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only events of this time or later: 18:30, 2026-12-24T18:30:00.5, 2026-12-24T17:30Z, "
                    + "@1782322200.5.")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only events before this time.")
    private String until;

    @Option(
            names = {"-g", "--grep"},
            paramLabel = "REGEX",
            description = "Only events whose line has a match of this regular expression.")
    private String grep;

    /// {@return how times are written}
    TimeOfDay times() {
        return new TimeOfDay(utc ? ZoneOffset.UTC : ZoneId.systemDefault());
    }

    /// {@return what was chosen}
    ///
    /// @throws ToolException a word is none
    EventFilter filter() throws ToolException {
        TimeOfDay times = times();
        try {
            return new EventFilter(
                    types,
                    level(),
                    threads,
                    since == null ? Long.MIN_VALUE : times.parse("--since", since),
                    until == null ? Long.MAX_VALUE : times.parse("--until", until),
                    grep == null ? null : Pattern.compile(grep));
        } catch (PatternSyntaxException e) {
            throw new ToolException(
                    ExitCode.USAGE, "--grep: '" + grep + "' is no regular expression: " + e.getDescription());
        }
    }

    private Level level() throws ToolException {
        for (Level each : Level.values()) {
            if (level == null || each.name().equalsIgnoreCase(level)) {
                return level == null ? null : each;
            }
        }
        throw new ToolException(
                ExitCode.USAGE, "--level: '" + level + "' is no level; there are trace, debug, info, warn and error");
    }
}
