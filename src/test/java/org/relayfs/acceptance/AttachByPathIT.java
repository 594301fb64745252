package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.Sandbox;

/// Programs find the shared memory of a channel by its directory on a mount.
@MountTest
@Timeout(60)
class AttachByPathIT {
    private static final int PATIENCE_MS = 20_000;

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private static String tell(Client client, String command) throws Exception {
        Sandbox.tell(client, command);
        return client.takeLine(PATIENCE_MS);
    }

    @Test
    void aProgramInCAttachesToTheDirectory() throws Exception {
        sandbox.mount();
        sandbox.sh("mkdir empty; echo create some/app global=1 > control").succeeded();
        Client c = sandbox.start(Programs.c("attached"));
        for (String path : new String[] {"some/app", "some/app/memory", "./some/../some/app/"}) {
            assertThat(tell(c, "attach " + path)).as(path).isEqualTo("0");
            assertThat(tell(c, "write from " + path)).isEqualTo("" + ("from " + path).length());
            assertThat(tell(c, "detach")).isEqualTo("0");
            assertThat(sandbox.sh("cat some/app/cpu0").succeeded().out()).isEqualTo("from " + path);
        }
        assertThat(tell(c, "attach empty")).isEqualTo("-6 empty: no channel is created there");
        assertThat(tell(c, "attach some")).isEqualTo("-2 some/meta: No such file or directory");
        assertThat(tell(c, "attach control")).startsWith("-117 ").contains("not a path");
        assertThat(tell(c, "attach nowhere")).isEqualTo("-2 nowhere: No such file or directory");
        // A channel that is destroyed and created again is another one.
        assertThat(tell(c, "attach some/app")).isEqualTo("0");
        sandbox.sh("echo 1 > some/app/create").succeeded();
        assertThat(tell(c, "closed") + tell(c, "write x")).isEqualTo("1-5");
        assertThat(tell(c, "detach") + tell(c, "attach some/app") + tell(c, "write x"))
                .isEqualTo("001");
        sandbox.end(c).succeeded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"some/app", "some/app/memory"})
    void aJvmAttachesToTheDirectoryAndLoadsNothingOfTheMount(String path) throws Exception {
        sandbox.mount();
        sandbox.sh("echo create some/app global=1 > control").succeeded();
        String directory = sandbox.sh("pwd").out().strip();
        Client writer =
                Client.start(Client.java(AttachedWriter.class, "-Xlog:class+load", "--", directory + "/" + path));
        sandbox.closing(writer);
        writer.awaitLine("attached");
        Sandbox.tell(writer, "a line");
        assertThat(writer.awaitLine("7 ")).isNotEmpty();
        assertThat(sandbox.end(writer).succeeded().out())
                .contains("org.relayfs.AttachedChannel ")
                .doesNotContain("jnr.", "org.relayfs.fuse", "org.relayfs.tree");
        assertThat(sandbox.sh("cat some/app/cpu0").succeeded().out()).isEqualTo("a line\n");
    }

    @Test
    void theModeOfTheFileDecides() throws Exception {
        sandbox.mount();
        sandbox.sh("echo create app > control; chmod 000 app/memory").succeeded();
        // Root may read it all the same.
        String expected = sandbox.sh("id -u").out().equals("0\n") ? "0" : "-13 app/memory: Permission denied";
        Client c = sandbox.start(Programs.c("attached"));
        assertThat(tell(c, "attach app")).isEqualTo(expected);
        sandbox.end(c).succeeded();
    }
}
