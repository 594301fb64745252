package org.relayfs.tool.doctor;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.Terminal;
import picocli.CommandLine.Command;

/// `relayfs doctor`: looks at what relayfs needs, and at what was left behind.
@Command(
        name = "doctor",
        description = {
            "Says what is wrong with the system or was left behind, and the remedy.",
            "It looks at Java, /dev/fuse, rights, libfuse, the kernel and shared memory, and at the mounts and the memory "
                    + "of processes that are gone. It changes nothing."
        },
        exitCodeList = {
            "0:all is well",
            "1:wrong call",
            "2:something keeps relayfs from working",
            "4:it works, but something was left behind"
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
