package org.relayfs.tool.doctor;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.Json;
import org.relayfs.tool.cli.Terminal;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.MountDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs doctor`: checks what relayfs needs, and what was left behind.
@Command(
        name = "doctor",
        description = {
            "Prints problems of the system and what dead processes have left behind, with remedies.",
            "It checks Java, /dev/fuse, permissions, libfuse, the kernel and shared memory, and the mounts and the "
                    + "memory of dead processes. It makes a mount and "
                    + "unmounts it, and changes nothing else."
        },
        exitCodeList = {
            "0:no problems",
            "1:incorrect usage",
            "2:something prevents relayfs from working",
            "4:it works, but dead processes have left something behind"
        })
public final class DoctorCommand extends FileCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "Where the trial mount is made; by default on a temporary directory.")
    private Path directory;

    @Option(
            names = "-o",
            split = ",",
            paramLabel = "OPTION",
            description = "Mount options to try, separated by commas.")
    private List<String> options = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        List<Finding> left = new LeftoverChecks().all();
        List<Finding> findings = judge(SystemChecks.all(options), trial());
        findings.addAll(left);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(
                    Map.of("findings", findings.stream().map(Finding::fields).toList())));
        } else {
            print(findings, out);
        }
        return exitCode(findings);
    }

    private Optional<String> trial() throws IOException, ToolException, InterruptedException {
        Class<?> mainClass = spec.root().userObject().getClass();
        Optional<Path> wanted = Optional.empty();
        if (directory != null) {
            wanted = Optional.of(MountDirectory.absolute(directory));
        }
        return new TrialMount(mainClass, options).run(wanted);
    }

    /// The trial decides: what looks bad and keeps nothing from working is a note, and a failure has a reason even if
    /// no
    /// look at the system finds it.
    private static List<Finding> judge(List<Finding> system, Optional<String> refused) {
        List<Finding> findings = new ArrayList<>();
        if (refused.isEmpty()) {
            system.forEach(finding -> findings.add(finding.level() == Finding.Level.BAD ? finding.asNote() : finding));
            findings.add(Finding.ok("trial", "a mount was made, and unmounted"));
            return findings;
        }
        findings.addAll(system);
        Optional<String> obstacle = SystemChecks.obstacleIn(system);
        findings.add(Finding.bad(
                "trial",
                // Which mount has found, too.
                obstacle.map(known -> refused.get().replace("; " + known, "")).orElse(refused.get()),
                obstacle.isPresent() ? "as above" : "as it says; relayfs mount -f DIR tells all there is to tell"));
        return findings;
    }

    private static void print(List<Finding> findings, PrintWriter out) {
        boolean coloured = Terminal.hasColours(Terminal.OUT);
        for (Finding finding : findings) {
            String level = String.format("%-5s", finding.level().word());
            out.printf("%s %-14s %s%n", colour(finding.level(), level, coloured), finding.what(), finding.text());
            if (finding.remedy() != null) {
                out.printf("%20s remedy: %s%n", "", finding.remedy());
            }
        }
    }

    private static String colour(Finding.Level level, String text, boolean coloured) {
        return switch (level) {
            case OK -> Terminal.green(text, coloured);
            case NOTE, LEFT -> Terminal.yellow(text, coloured);
            case BAD -> Terminal.red(text, coloured);
        };
    }

    static int exitCode(List<Finding> findings) {
        return findings.stream()
                .map(Finding::level)
                .max(Enum::compareTo)
                .map(Finding.Level::exitCode)
                .orElse(ExitCode.OK);
    }
}
