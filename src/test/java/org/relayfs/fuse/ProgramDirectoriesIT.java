package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Directories of the program that serves a mount, as other processes see them.
@Timeout(60)
@MountTest
final class ProgramDirectoriesIT {
    @Test
    void theyAreThereUntilTheProgramClosesThem() throws Exception {
        try (TestMount mounted = TestMount.open()) {
            MountedDirectory made = mounted.mount().files().directory("myapp/block/sda", 0750);
            assertThat(made.path()).isEqualTo("/myapp/block/sda");
            assertThat(mounted.sh(
                            "stat -c %a:%F myapp/block/sda; chmod 700 myapp/block/sda; stat -c %a myapp/block/sda;"
                                    + "rmdir myapp/block/sda 2>&1; ls -A myapp/block/sda; tail -n 1 error_log"))
                    .startsWith(
                            "750:directory\n700\nrmdir: failed to remove 'myapp/block/sda': Device or resource busy\n")
                    .contains("EBUSY /myapp/block/sda \"rmdir\" directory /myapp/block/sda: belongs to the program");
            assertThat(mounted.sh("mkdir myapp/block/sda/trace && echo 1 > myapp/block/sda/trace/create &&"
                            + "echo hi > myapp/block/sda/trace/write && cat myapp/block/sda/trace/cpu*[0-9];"
                            + "rmdir myapp/block/sda/trace && ls myapp/block"))
                    .isEqualTo("hi\nsda");
            made.close();
            assertThat(mounted.sh("ls")).isEqualTo("buffers\nchannels\ncontrol\nerror_log\nmetrics\nstats\nversion");
            made.close();
        }
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        try (TestMount mounted = TestMount.open()) {
            MountFiles files = mounted.mount().files();
            assertThatThrownBy(() -> files.directory("/myapp", 0755))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("value=\"\"");
            assertThatThrownBy(() -> files.directory("myapp", 010000))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("value=10000, limit=0 to 7777");
            mounted.sh("mkdir app");
            assertThatThrownBy(() -> files.directory("app", 0755))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("name: value=\"app\" exists; choose another");
            assertThatThrownBy(() -> files.directory("version", 0755))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is the name of a file there");
            assertThatThrownBy(() -> files.file("app/create", 0600, () -> new byte[0], null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("file app/create: name: value=\"create\" exists; choose another");
            assertThatThrownBy(() -> files.file("none/x", 0600, () -> new byte[0], null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("directory: value=\"none\" is not there; make it first");
            assertThatThrownBy(() -> files.file("x y", 0600, () -> new byte[0], null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("value=\"x y\"");
            assertThatThrownBy(() -> files.file("x", -1, () -> new byte[0], null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limit=0 to 7777");
            assertThatThrownBy(() -> files.file("x", 0600, null, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("give one of them");
            assertThatThrownBy(() -> new RefusedException("EVIL", "no"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("value=\"EVIL\"");
            mounted.mount().close();
            assertThatThrownBy(() -> files.file("x", 0600, () -> new byte[0], null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("file x: the mount has ended");
        }
    }
}
