package org.relayfs.tool.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.relayfs.event.Level;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.Terminal;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.RecordOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `relayfs report`: what events say, those of all CPUs in one order.
@Command(
        name = "report",
        description = {
            "Prints events, those of all CPUs in the order of their time: of recordings, or of a channel with "
                    + "format=events, which it removes from there.",
            "What was lost is printed where it is missing."
        },
        exitCodeList = {
            "0:done; with -f: the channel was destroyed and all of it has been printed",
            "1:no such recording or channel, not permitted, or a wrong option",
            "2:system error, or metadata that cannot be read",
            "3:some bytes are no events",
            "141:the reader of the output is gone"
        })
public final class ReportCommand extends FileCommand {
    @Mixin
    private EventPlaces places;

    @Option(
            names = {"-j", "--json"},
            description = "Print an object of JSON in each line, with the names of OpenTelemetry's log data model.")
    private boolean json;

    @Option(names = "--relative", description = "Print the time since the first event that is printed.")
    private boolean relative;

    @Option(names = "--utc", description = "Print and read times in UTC instead of local time.")
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

    @Option(
            names = {"-c", "--count"},
            description = "Print only how many events of each type there are.")
    private boolean count;

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        TimeOfDay times = new TimeOfDay(utc ? ZoneOffset.UTC : ZoneId.systemDefault());
        EventFilter filter = filter(times);
        try (FileOutputStream file = new FileOutputStream(FileDescriptor.out)) {
            RecordOutput output = new RecordOutput(file.getChannel());
            places.find();
            boolean isColoured = grep == null && Terminal.hasColours(Terminal.OUT);
            EventPrinter printer = json ? new JsonPrinter() : new LinePrinter(times, relative, isColoured);
            EventTarget target =
                    count ? new CountTarget(filter, json, output) : new PrintTarget(filter, printer, output);
            return places.tell(filter, target, true);
        } catch (RecordOutput.GoneException e) {
            return ExitCode.BROKEN_PIPE;
        }
    }

    private EventFilter filter(TimeOfDay times) throws ToolException {
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
