package org.relayfs.tool;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
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
import org.relayfs.tool.client.ResizeCommand;
import org.relayfs.tool.daemon.DaemonStart;
import org.relayfs.tool.daemon.MountCommand;
import org.relayfs.tool.daemon.UmountCommand;
import org.relayfs.tool.doctor.CleanCommand;
import org.relayfs.tool.doctor.DoctorCommand;
import org.relayfs.tool.recording.RecordCommand;
import org.relayfs.tool.recording.SnapshotCommand;
import org.relayfs.tool.recovery.RecoverCommand;
import org.relayfs.tool.report.ExportCommand;
import org.relayfs.tool.report.ReportCommand;
import org.relayfs.tool.shipping.ShipCommand;
import org.relayfs.tool.stat.StatCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IExecutionExceptionHandler;
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
public final class RelayfsCommand implements Runnable, IExecutionExceptionHandler {
    private static final String COMPLETION = "completion";
    private static final String HELP = "help";

    /// In the order in which the help shows them.
    private static final List<String> NAMES = List.of(
            "mount",
            "umount",
            "list",
            "create",
            "destroy",
            "enable",
            "disable",
            "flush",
            "reset",
            "resize",
            "stat",
            "cat",
            "record",
            "snapshot",
            "report",
            "export",
            "recover",
            "ship",
            "doctor",
            "clean",
            COMPLETION,
            "version",
            HELP);

    @Spec
    private CommandSpec spec;

    private RelayfsCommand() {}

    /// Runs one subcommand and exits with its code.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        setUpLog();
        // picocli would load the types of these packages, of which no option is.
        System.setProperty("picocli.converters.excludes", "java\\.sql\\..*,java\\.time\\..*");
        int code = commandLine(args).execute(args);
        if (code != ExitCode.OK) {
            DaemonStart.tellStarter(code);
        }
        System.exit(code);
    }

    /// With all commands.
    static CommandLine commandLine() {
        return withCommands(NAMES);
    }

    /// With only the command that the first word names, unless it is one that shows all others: loading and setting up
    /// all of them takes time.
    static CommandLine commandLine(String... args) {
        String word = args.length == 0 ? "" : args[0];
        boolean needsAll = word.equals(COMPLETION) || word.equals(HELP) || named(word) == null;
        return withCommands(needsAll ? NAMES : List.of(word));
    }

    private static CommandLine withCommands(List<String> names) {
        RelayfsCommand command = new RelayfsCommand();
        CommandLine line = new CommandLine(command);
        for (String name : names) {
            line.addSubcommand(named(name));
        }
        // These are for the subcommands that are there.
        return line.registerConverter(Path.class, new PathArgument())
                .setParameterExceptionHandler(new UsageError())
                .setExecutionExceptionHandler(command);
    }

    /// The class is loaded when its case is reached.
    private static Class<?> named(String word) {
        return switch (word) {
            case "mount" -> MountCommand.class;
            case "umount", "unmount" -> UmountCommand.class;
            case "list" -> ListCommand.class;
            case "create" -> CreateCommand.class;
            case "destroy" -> DestroyCommand.class;
            case "enable" -> EnableCommand.class;
            case "disable" -> DisableCommand.class;
            case "flush" -> FlushCommand.class;
            case "reset" -> ResetCommand.class;
            case "resize" -> ResizeCommand.class;
            case "stat" -> StatCommand.class;
            case "cat" -> CatCommand.class;
            case "record" -> RecordCommand.class;
            case "snapshot" -> SnapshotCommand.class;
            case "report" -> ReportCommand.class;
            case "export" -> ExportCommand.class;
            case "recover" -> RecoverCommand.class;
            case "ship" -> ShipCommand.class;
            case "doctor" -> DoctorCommand.class;
            case "clean" -> CleanCommand.class;
            case COMPLETION -> CompletionCommand.class;
            case "version" -> VersionCommand.class;
            case HELP -> HelpCommand.class;
            default -> null;
        };
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is given");
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
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
