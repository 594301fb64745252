package org.relayfs.tool.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.TimeSpan;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.ChannelArguments;
import org.relayfs.tool.client.ChannelFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs record`: writes the buffers of a channel to files, until it is told to stop.
@Command(
        name = "record",
        description = {
            "Records each buffer of a channel to a file of its own.",
            "The files are OUTDIR/cpuN. Recording ends on SIGINT or SIGTERM, or when the channel is destroyed; then it "
                    + "flushes the channel, writes what is left and prints a summary. Buffers of CPUs that come online "
                    + "later are included. On a terminal, a line shows rate, backlog and loss. With format=events, OUTDIR "
                    + "is a CTF trace, for babeltrace2 and other viewers."
        },
        exitCodeList = {
            "0:everything is recorded",
            "1:no such channel, not permitted, or files exist already",
            "2:system error",
            "3:recorded, but records were lost"
        })
public final class RecordCommand extends FileCommand {
    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[DIR] NAME",
            description = "The mount point; the channel, or its path.")
    private List<String> words;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUTDIR",
            description = "The folder for the files; created if it does not exist.")
    private Path folder;

    @Option(
            names = {"-m", "--mmap"},
            description =
                    "Write from the mapped buffers instead of reading them. The channel must have header=padding, "
                            + "header=padding4 or format=events, and no other process may read it.")
    private boolean mapped;

    @Option(
            names = {"-s", "--rotate-size"},
            converter = ByteSize.class,
            paramLabel = "SIZE",
            description = "Start a new file before one would grow beyond this (K, M, G): cpuN becomes cpuN.1, the "
                    + "next one cpuN.2 and so on.")
    private long maxSize = Long.MAX_VALUE;

    @Option(
            names = {"-n", "--rotate-count"},
            paramLabel = "COUNT",
            description = "Keep only the last COUNT files of each buffer.")
    private int maxCount = Integer.MAX_VALUE;

    @Option(
            names = {"-F", "--force"},
            description = "Replace the files of an earlier recording.")
    private boolean force;

    @Option(
            names = {"-d", "--duration"},
            converter = TimeSpan.class,
            paramLabel = "TIME",
            description = "Stop after this time, in seconds, or with s, m or h.")
    private Duration duration = TimeSpan.LONGEST;

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        if (maxCount < 1 || (maxCount != Integer.MAX_VALUE && maxSize == Long.MAX_VALUE)) {
            throw new ToolException(
                    ExitCode.USAGE, "rotation: --rotate-count=" + maxCount + ", limit=1 or more, with --rotate-size");
        }
        ChannelFolder channel = ChannelArguments.of(words).channel().requireCreated();
        requireWhole(channel);
        RecordedFiles files = new RecordedFiles(folder, maxSize, maxCount, force);
        Recording recording = new Recording(channel, files, mapped, duration);
        return StopSignal.run(stop -> {
            try (ProgressLine progress = new ProgressLine()) {
                recording.run(stop, progress);
            }
            recording.summary().forEach(spec.commandLine().getOut()::println);
            return recording.exitCode();
        });
    }

    private void requireWhole(ChannelFolder channel) throws IOException, ToolException {
        boolean hasEvents = channel.hasEvents();
        long least = hasEvents
                ? RotatingTrace.mostOfPacket(channel.row())
                : channel.row().subBufferSize();
        if ((hasEvents || mapped) && maxSize < least) {
            String why = hasEvents
                    ? " with format=events, which is written in packets"
                    : " with --mmap, which writes whole sub-buffers";
            throw new ToolException(
                    ExitCode.USAGE, "rotation: --rotate-size=" + maxSize + ", limit=" + least + " or more" + why);
        }
    }
}
