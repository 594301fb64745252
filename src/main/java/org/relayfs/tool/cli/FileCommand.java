package org.relayfs.tool.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that works through the files of a mount: an error with a file is reported in one line.
@Command(mixinStandardHelpOptions = true, versionProvider = VersionCommand.class, exitCodeListHeading = "Exit codes:%n")
public abstract class FileCommand implements Callable<Integer> {
    @Spec
    public CommandSpec spec;

    @Override
    public final Integer call() throws ToolException, InterruptedException {
        try {
            return run();
        } catch (IOException e) {
            throw Complaint.of(e);
        }
    }

    protected abstract int run() throws IOException, ToolException, InterruptedException;
}
