package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Who may do what in a mount.
@Timeout(60)
@MountTest
final class PermissionsIT {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void modesHoldForOtherUsersWhoeverChecksThem(boolean byTheKernel) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "becomes another user");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        MountOptions options = MountOptions.defaults().withAllowOther(true).withDefaultPermissions(byTheKernel);
        try (TestMount mounted = TestMount.open(folder, options)) {
            mounted.channel("app", 4096, 4).write(new byte[100]);
            String seen = mounted.python("""
                    os.chmod(D + 'app/dropped', 0o440); os.chown(D + 'app/dropped', 0, 5000)
                    os.setgroups([]); os.setgid(5000); os.setuid(4000)
                    print(errno_of(os.open, D + 'app/cpu0', 0), errno_of(os.open, D + 'control', os.O_WRONLY))
                    print(errno_of(os.open, D + 'app/dropped', 0), errno_of(os.open, D + 'channels', 0))
                    print(errno_of(os.chmod, D + 'app/cpu0', 0o666), errno_of(os.truncate, D + 'app/cpu0', 0))
                    print(errno_of(os.rmdir, D + 'app'), errno_of(os.listdir, D + 'app'))
                    print(os.access(D + 'app/cpu0', os.R_OK), os.access(D + 'app', os.X_OK))
                    """);
            assertThat(seen.lines())
                    .containsExactly("EACCES EACCES", "OK OK", "EPERM EACCES", "EACCES OK", "False True");
        }
    }

    @Test
    void aReadOnlyMountCannotBeChanged() throws Exception {
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults().withReadOnly(true))) {
            mounted.channel("app", 4096, 4).write(new byte[100]);
            assertThat(mounted.python("""
                            print(errno_of(os.open, D + 'control', os.O_WRONLY), errno_of(os.mkdir, D + 'x'))
                            print(errno_of(os.open, D + 'app/cpu0', os.O_RDWR))
                            print(len(os.read(os.open(D + 'app/cpu0', os.O_RDONLY), 1000)))
                            """).lines()).containsExactly("EROFS EROFS", "EROFS", "100");
        }
    }

    @Test
    void timesThatAreToStayStay() throws Exception {
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
            mounted.channel("app", 4096, 4);
            assertThat(mounted.sh(
                            "for f in app/cpu0 app/mode; do chmod u+w $f; touch -m -d @100 $f; touch -a -d @200 $f;"
                                    + " stat -c '%X %Y' $f; done; echo text >> app/cpu0; cat app/cpu0"))
                    .isEqualTo("200 100\n200 100\ntext");
        }
    }
}
