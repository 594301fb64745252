package org.relayfs.tool.doctor;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.Terminal;
import picocli.CommandLine.Command;

/// `relayfs doctor`: checks what relayfs needs, and what was left behind.
@Command(
        name = "doctor",
        description = {
            "Prints problems of the system and what dead processes have left behind, with remedies.",
            "It checks Java, /dev/fuse, permissions, libfuse, the kernel and shared memory, and the mounts and the "
                    + "memory of dead processes. It changes nothing."
        },
        exitCodeList = {
            "0:no problems",
            "1:incorrect usage",
            "2:something prevents relayfs from working",
            "4:it works, but dead processes have left something behind"
        })
public final class DoctorCommand extends FileCommand {
    @Override
    protected int run() throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>(new SystemChecks().all());
        findings.addAll(new LeftoverChecks().all());
        boolean coloured = Terminal.hasColours(Terminal.OUT);
        PrintWriter out = spec.commandLine().getOut();
        for (Finding finding : findings) {
            String level = String.format("%-5s", finding.level().word());
            out.printf("%s %-14s %s%n", colour(finding.level(), level, coloured), finding.what(), finding.text());
            if (finding.remedy() != null) {
                out.printf("%20s remedy: %s%n", "", finding.remedy());
            }
        }
        return exitCode(findings);
    }

    private static String colour(Finding.Level level, String text, boolean coloured) {
        return switch (level) {
            case OK -> Terminal.green(text, coloured);
            case NOTE, LEFT -> Terminal.yellow(text, coloured);
            case BAD -> Terminal.red(text, coloured);
        };
    }

    private static int exitCode(List<Finding> findings) {
        return findings.stream()
                .map(Finding::level)
                .max(Enum::compareTo)
                .map(Finding.Level::exitCode)
                .orElse(ExitCode.OK);
    }
}
