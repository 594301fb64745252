package org.relayfs.tool;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.relayfs.tool.cli.CompletionCommand;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.PathArgument;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.cli.UsageError;
import org.relayfs.tool.cli.VersionCommand;
import org.relayfs.tool.client.CatCommand;
import org.relayfs.tool.client.CreateCommand;
import org.relayfs.tool.client.DestroyCommand;
import org.relayfs.tool.client.DisableCommand;
import org.relayfs.tool.client.EnableCommand;
import org.relayfs.tool.client.FlushCommand;
import org.relayfs.tool.client.ListCommand;
import org.relayfs.tool.client.ResetCommand;
import org.relayfs.tool.daemon.DaemonStart;
import org.relayfs.tool.daemon.MountCommand;
import org.relayfs.tool.daemon.UmountCommand;
import org.relayfs.tool.doctor.CleanCommand;
import org.relayfs.tool.doctor.DoctorCommand;
import org.relayfs.tool.recording.RecordCommand;
import org.relayfs.tool.stat.StatCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// The `relayfs` command.
@Command(
        name = "relayfs",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        description = "Per-CPU ring buffers in shared memory, shown as files.")
public final class RelayfsCommand implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            MountCommand.class,
            UmountCommand.class,
            ListCommand.class,
            CreateCommand.class,
            DestroyCommand.class,
            EnableCommand.class,
            DisableCommand.class,
            FlushCommand.class,
            ResetCommand.class,
            StatCommand.class,
            CatCommand.class,
            RecordCommand.class,
            DoctorCommand.class,
            CleanCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            HelpCommand.class);

    /// These show all others.
    private static final Set<Class<?>> NEED_ALL = Set.of(CompletionCommand.class, HelpCommand.class);

    @Spec
    private CommandSpec spec;

    private RelayfsCommand() {}

    /// Runs one subcommand and exits with its code.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        setUpLog();
        int code = commandLine(args).execute(args);
        if (code != ExitCode.OK) {
            DaemonStart.tellStarter(code);
        }
        System.exit(code);
    }

    /// With all commands.
    static CommandLine commandLine() {
        return commandLine(COMMANDS);
    }

    /// With only the command that the first word names, if it needs no others: setting up all of them takes time.
    static CommandLine commandLine(String... args) {
        String name = args.length == 0 ? "" : args[0];
        return commandLine(COMMANDS.stream()
                .filter(command -> !NEED_ALL.contains(command))
                .filter(command -> command.getAnnotation(Command.class).name().equals(name))
                .<List<Class<?>>>map(List::of)
                .findFirst()
                .orElse(COMMANDS));
    }

    private static CommandLine commandLine(List<Class<?>> commands) {
        CommandLine line = new CommandLine(new RelayfsCommand());
        commands.forEach(line::addSubcommand);
        return line.registerConverter(Path.class, new PathArgument())
                .setParameterExceptionHandler(UsageError::tell)
                .setExecutionExceptionHandler(RelayfsCommand::fail);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is given");
    }

    private static int fail(Exception e, CommandLine command, ParseResult parsed) {
        Exception meant = e instanceof InvalidPathException path ? PathArgument.refusal(path) : e;
        if (meant instanceof ToolException told) {
            command.getErr().println("relayfs: " + told.getMessage());
            return told.exitCode();
        }
        command.getErr().println("relayfs: " + e);
        e.printStackTrace(command.getErr());
        return ExitCode.SYSTEM;
    }

    /// What slf4j-simple prints, unless the user chose otherwise. It reads this when the first logger is created.
    private static void setUpLog() {
        setDefault("showDateTime", "true");
        setDefault("dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
        setDefault("showThreadName", "false");
        setDefault("showShortLogName", "true");
    }

    private static void setDefault(String key, String value) {
        String property = "org.slf4j.simpleLogger." + key;
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
