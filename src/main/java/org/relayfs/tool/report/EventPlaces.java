package org.relayfs.tool.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.TimeSpan;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.ChannelArguments;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.MountRoot;
import org.relayfs.tool.client.WaitSet;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The places that a command takes events from: recordings or a channel, as its arguments and options say.
final class EventPlaces {
    private static final Duration LATENESS = Duration.ofMillis(200);

    @Parameters(
            arity = "1..*",
            hideParamSyntax = true,
            paramLabel = "WHERE",
            description = "Folders of recordings: each has a file metadata, or folders that have one. Or a channel: "
                    + "[DIR] NAME, or its path.")
    private List<String> words;

    @Option(
            names = {"-f", "--follow"},
            description = "Of a channel: go on with new events until it is destroyed.")
    private boolean follow;

    @Option(
            names = {"-o", "--observe"},
            description = "Of a channel: remove nothing. Reads the shared memory, which is open to the user who serves "
                    + "the mount, and to root.")
    private boolean observe;

    @Option(
            names = "--lateness",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "With -f: how long an event waits for older ones of other CPUs (200 ms: 0.2). What comes "
                    + "later is taken at once, and marked.")
    private Duration lateness = LATENESS;

    private final List<Path> folders = new ArrayList<>();
    private ChannelFolder channel;

    /// Looks for them, before anything is taken.
    void find() throws IOException, ToolException {
        List<Path> mounts = MountRoot.mountPoints();
        for (String word : words) {
            Path path = Path.of(word);
            Path absolute = path.toAbsolutePath().normalize();
            if (mounts.stream().noneMatch(absolute::startsWith) && Files.isDirectory(path)) {
                folders.add(path);
            }
        }
        if (folders.isEmpty()) {
            findChannel();
            return;
        }
        for (String word : words) {
            if (!folders.contains(Path.of(word))) {
                throw new ToolException(ExitCode.USAGE, word + " is no folder of a recording");
            }
        }
        if (follow || observe) {
            throw new ToolException(ExitCode.USAGE, "--follow and --observe are for channels");
        }
    }

    private void findChannel() throws IOException, ToolException {
        channel = ChannelArguments.of(words).channel().requireCreated();
        if (!channel.hasEvents()) {
            throw new ToolException(
                    ExitCode.USAGE,
                    "channel " + channel.name() + " holds no events: it was created without format=events");
        }
    }

    /// Hands over all events.
    ///
    /// @param isPrinted whether the output of the command is what becomes of them
    /// @return an exit code
    int tell(EventFilter filter, EventTarget target, boolean isPrinted)
            throws IOException, ToolException, InterruptedException {
        int code = channel == null ? recordings(filter, target) : channel(filter, target, isPrinted);
        return code == ExitCode.OK && target.hasSeenDamage() ? ExitCode.LOST : code;
    }

    private int recordings(EventFilter filter, EventTarget target) throws IOException, ToolException {
        try (RecordingReport report = new RecordingReport(folders, filter)) {
            if (target instanceof CountTarget counts) {
                report.count(counts);
                counts.print();
            } else {
                report.tellInOrder(target);
            }
            return ExitCode.OK;
        }
    }

    private int channel(EventFilter filter, EventTarget target, boolean isPrinted)
            throws IOException, ToolException, InterruptedException {
        try (WaitSet waits = isPrinted ? new WaitSet(WaitSet.STANDARD_OUTPUT) : new WaitSet();
                ChannelSource source =
                        observe ? new ObservedChannel(channel, waits) : new TakenChannel(channel, waits)) {
            ChannelReport report = new ChannelReport(channel.path(), source, filter, target, lateness);
            if (!follow) {
                report.tellAll();
                return finish(source, target);
            }
            return StopSignal.runAsOthersDo(stop -> {
                report.follow(stop);
                return finish(source, target);
            });
        }
    }

    private static int finish(ChannelSource source, EventTarget target) throws IOException, ToolException {
        if (target instanceof CountTarget counts) {
            counts.print();
        }
        System.err.print(source.remark());
        return ExitCode.OK;
    }
}
