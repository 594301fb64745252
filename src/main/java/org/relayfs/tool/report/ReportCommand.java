package org.relayfs.tool.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
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

    @Mixin
    private EventChoice choice;

    @Option(
            names = {"-c", "--count"},
            description = "Print only how many events of each type there are.")
    private boolean count;

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        TimeOfDay times = choice.times();
        EventFilter filter = choice.filter();
        try (FileOutputStream file = new FileOutputStream(FileDescriptor.out)) {
            RecordOutput output = new RecordOutput(file.getChannel());
            places.find();
            boolean isColoured = filter.text() == null && Terminal.hasColours(Terminal.OUT);
            EventPrinter printer = json ? new JsonPrinter() : new LinePrinter(times, relative, isColoured);
            EventTarget target =
                    count ? new CountTarget(filter, json, output) : new PrintTarget(filter, printer, output);
            return places.tell(filter, target, true);
        } catch (RecordOutput.GoneException e) {
            return ExitCode.BROKEN_PIPE;
        }
    }
}
