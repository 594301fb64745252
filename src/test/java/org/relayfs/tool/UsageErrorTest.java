package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.relayfs.tool.cli.ExitCode;

/// Field case 24: one line for a command line that is not understood.
final class UsageErrorTest {
    private static String said(String... arguments) {
        StringWriter said = new StringWriter();
        int code = RelayfsCommand.commandLine().setErr(new PrintWriter(said)).execute(arguments);
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(said.toString()).hasLineCount(1).startsWith("relayfs: ").contains("--help");
        return said.toString();
    }

    @Test
    void anUnknownOptionIsNamedWithThoseOfItsLengthThatAreLikeIt() {
        assertThat(said("mount", "--f", "x")).contains("unknown option --f (did you mean --foreground?);");
        assertThat(said("mount", "--pidfile=y", "x")).contains("unknown option --pidfile (did you mean --pid-file?);");
        assertThat(said("list", "-q")).contains("unknown option -q");
    }

    @Test
    void anUnknownCommandIsNamedWithThoseThatAreLikeIt() {
        assertThat(said("umuont", "x"))
                .contains("there is no command umuont (did you mean umount?); see relayfs --help");
        assertThat(said("xyzzy")).contains("there is no command xyzzy; see relayfs --help");
        assertThat(said("list", "a", "b")).contains("too many arguments: b; see relayfs list --help");
        assertThat(said()).contains("no command is given; see relayfs --help");
    }

    @Test
    void anIntervalOutsideItsLimitsIsRefused() {
        for (String seconds : new String[] {"0.09", "0", "86400.1"}) {
            assertThat(said("stat", "-w", seconds)).contains("interval: seconds=" + seconds + ", limit=0.1 to 86400;");
        }
    }
}
