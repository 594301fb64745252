package org.relayfs.tool.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.Json;
import org.relayfs.tool.cli.Terminal;
import org.relayfs.tool.cli.TerminalSize;
import org.relayfs.tool.cli.TextTable;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs list`: the file `channels`.
@Command(
        name = "list",
        description = {
            "Lists the channels of a mount.",
            "With state, settings, number of buffers and memory in bytes, as in the file channels."
        },
        exitCodeList = {"0:done", "1:no such mount, or not permitted", "2:system error"})
public final class ListCommand extends FileCommand {
    // The header of a sub-buffer and the place of the files, which most channels do not set.
    private static final int LEFT_OUT = 2;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "The mount point; may be omitted if only one relayfs is mounted.")
    private Path directory;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    protected int run() throws IOException, ToolException {
        MountRoot mount = directory == null ? MountRoot.only() : MountRoot.at(directory);
        if (json) {
            List<Map<String, Object>> rows =
                    mount.channels().stream().map(ChannelRow::fields).toList();
            spec.commandLine().getOut().println(Json.of(Map.of("channels", rows)));
            return ExitCode.OK;
        }
        boolean coloured = Terminal.hasColours(Terminal.OUT);
        List<String> lines =
                TextTable.fit(mount.channelTable().lines().toList(), TerminalSize.columnsOfOutput(), LEFT_OUT);
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < lines.size(); i++) {
            out.println(i == 0 ? Terminal.bold(lines.get(i), coloured) : lines.get(i));
        }
        return ExitCode.OK;
    }
}
