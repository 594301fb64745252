package org.relayfs.tool.stat;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Stack;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.QuitKey;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.Terminal;
import org.relayfs.tool.cli.TerminalSize;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.ChannelArguments;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `relayfs stat`: the counters of all channels, or of the buffers of one.
@Command(
        name = "stat",
        description = {
            "Shows the counters of all channels, or those of each buffer of one channel.",
            "Records, bytes, backlog (closed sub-buffers not read yet) and loss. The file stats of a channel has all "
                    + "counters."
        },
        exitCodeList = {"0:done", "1:no such mount or channel, or not permitted", "2:system error"})
public final class StatCommand extends FileCommand {
    private static final double SHORTEST_S = 0.1;
    private static final double LONGEST_S = 86_400;
    private static final long FIRST_MS = 500;

    @Parameters(
            arity = "0..2",
            hideParamSyntax = true,
            paramLabel = "[DIR] [NAME]",
            description = "The mount point; the channel, or its path.")
    private List<String> words = List.of();

    @Option(
            names = {"-w", "--watch"},
            arity = "0..1",
            fallbackValue = "1",
            parameterConsumer = Seconds.class,
            paramLabel = "SECONDS",
            description = "Repeat every SECONDS (1) and show the rates since the last table: in place on a "
                    + "terminal, until q is pressed; one table after the other elsewhere.")
    private Double interval;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "COUNT",
            description = "Stop after COUNT tables, 1 second apart unless --watch says otherwise.")
    private Integer count;

    @Option(names = "--json", description = "Print JSON, with all counters; with --watch one object a line.")
    private boolean json;

    /// Takes the next word only if it is a number: it may also be a channel.
    static final class Seconds implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
            String next = words.isEmpty() ? "" : words.peek();
            if (!next.matches("[0-9]+(\\.[0-9]+)?")) {
                option.setValue(1.0);
                return;
            }
            double seconds = Double.parseDouble(words.pop());
            if (seconds < SHORTEST_S || seconds > LONGEST_S) {
                throw new ParameterException(
                        command.commandLine(), "interval: seconds=" + next + ", limit=0.1 to 86400");
            }
            option.setValue(seconds);
        }
    }

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        ChannelArguments arguments = ChannelArguments.of(words);
        if (count != null && count < 1) {
            throw new ToolException(ExitCode.USAGE, "tables: --count=" + count + ", limit=1 or more");
        }
        if (interval == null && count == null) {
            StatSample now = sample(arguments);
            print(json ? List.of(now.json()) : lines(arguments, null, now), false, false);
            return ExitCode.OK;
        }
        boolean terminal = !json && Terminal.is(Terminal.OUT);
        return StopSignal.run(stop -> {
            try (QuitKey quit = QuitKey.of(stop, terminal)) {
                return watch(arguments, terminal, quit);
            }
        });
    }

    private static StatSample sample(ChannelArguments arguments) throws IOException, ToolException {
        return StatSample.take(arguments.mount(), arguments.name());
    }

    private static List<String> lines(ChannelArguments arguments, StatSample before, StatSample now) {
        StatTable table = new StatTable(before, now, TerminalSize.columnsOfOutput());
        return arguments.name() == null ? table.ofChannels() : table.ofBuffers(arguments.name());
    }

    private int watch(ChannelArguments arguments, boolean terminal, QuitKey quit)
            throws IOException, ToolException, InterruptedException {
        long intervalMs = Math.round((interval == null ? 1 : interval) * 1000);
        StatSample before = sample(arguments);
        // The first table has rates, and is not long in coming.
        boolean stopped = quit.await(Math.min(intervalMs, FIRST_MS));
        for (int i = 0; !stopped && (count == null || i < count); i++) {
            StatSample now = sample(arguments);
            print(json ? List.of(now.json()) : lines(arguments, before, now), !json, terminal);
            if (System.out.checkError()) {
                return ExitCode.BROKEN_PIPE;
            }
            before = now;
            stopped = count != null && i + 1 == count || quit.await(intervalMs);
        }
        return ExitCode.OK;
    }

    private void print(List<String> lines, boolean titled, boolean inPlace) {
        PrintWriter out = spec.commandLine().getOut();
        StringBuilder screen = new StringBuilder(inPlace ? Terminal.HOME : "");
        String end = inPlace ? Terminal.CLEAR_TO_END_OF_LINE + "\n" : "\n";
        Optional<TerminalSize> size = inPlace ? TerminalSize.of(Terminal.OUT) : Optional.empty();
        if (titled) {
            String title =
                    "relayfs stat, " + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
            screen.append(Terminal.bold(title, Terminal.hasColours(Terminal.OUT)))
                    .append(end);
        }
        int room = size.map(terminal -> terminal.rows() - 2).orElse(Integer.MAX_VALUE);
        for (String line : lines.subList(0, Math.min(room, lines.size()))) {
            int width = Math.min(line.length(), size.map(TerminalSize::columns).orElse(Integer.MAX_VALUE));
            screen.append(line, 0, width).append(end);
        }
        out.print(screen.append(inPlace ? Terminal.CLEAR_BELOW : titled ? "\n" : ""));
        out.flush();
    }
}
