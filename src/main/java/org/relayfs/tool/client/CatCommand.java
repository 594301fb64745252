package org.relayfs.tool.client;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs cat`: prints the records of one channel and removes them, or leaves them there.
@Command(
        name = "cat",
        description = {
            "Prints the records of a channel and removes them from its buffers.",
            "One buffer after the other. With --observe it removes nothing."
        },
        exitCodeList = {
            "0:done; with -f: the channel was destroyed and all of it has been printed",
            "1:no such channel, or not permitted",
            "2:system error",
            "141:the reader of the output is gone"
        })
public final class CatCommand extends FileCommand {
    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[DIR] NAME",
            description = "The mount point; the channel, or its path.")
    private List<String> words;

    @Option(
            names = {"-f", "--follow"},
            description = "Keep printing new records until the channel is destroyed. Buffers of CPUs that come "
                    + "online later are included.")
    private boolean follow;

    @Option(
            names = {"-o", "--observe"},
            description = "Remove nothing: other readers get all there is. Begins with the oldest record that is not "
                    + "overwritten, read or not; says at the end what was overwritten before it was read. Reads the "
                    + "shared memory, which is open to the user who serves the mount, and to root.")
    private boolean observe;

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        ChannelFolder channel = ChannelArguments.of(words).channel().requireCreated();
        try (FileOutputStream file = new FileOutputStream(FileDescriptor.out)) {
            RecordOutput output = new RecordOutput(file.getChannel());
            return observe ? observe(channel, output) : take(channel, output);
        } catch (RecordOutput.GoneException e) {
            return ExitCode.BROKEN_PIPE;
        }
    }

    private int take(ChannelFolder channel, RecordOutput output)
            throws IOException, ToolException, InterruptedException {
        try (ChannelReader reader = new ChannelReader(channel, output)) {
            if (follow) {
                return StopSignal.runAsOthersDo(reader::follow);
            }
            reader.readAll();
            return ExitCode.OK;
        }
    }

    private int observe(ChannelFolder channel, RecordOutput output)
            throws IOException, ToolException, InterruptedException {
        if (Files.notExists(channel.path().resolve("memory"))) {
            throw new ToolException(
                    ExitCode.USAGE,
                    "channel " + channel.name() + ": it was created with plain=1, so no file says where its memory is:"
                            + " read it without --observe, or create it without plain");
        }
        try (ChannelWatch watch = new ChannelWatch(channel, output)) {
            if (follow) {
                return StopSignal.runAsOthersDo(stop -> {
                    try {
                        return watch.follow(stop);
                    } finally {
                        System.err.print(watch.missed());
                    }
                });
            }
            watch.readAll();
            System.err.print(watch.missed());
            return ExitCode.OK;
        }
    }
}
