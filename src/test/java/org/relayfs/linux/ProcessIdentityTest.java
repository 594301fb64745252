package org.relayfs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Client;

/// A process is told apart from a later one of the same pid, whatever it is called.
@Timeout(60)
class ProcessIdentityTest {
    @TempDir
    private Path folder;

    @Test
    void thisProcessIsAliveAndIsTheOneOfItsPid() throws IOException {
        ProcessIdentity self = ProcessIdentity.current();
        assertThat(self.isAlive()).isTrue();
        assertThat(ProcessIdentity.of(self.pid())).contains(self);
    }

    @Test
    void anotherStartTimeIsAnotherProcess() throws IOException {
        ProcessIdentity self = ProcessIdentity.current();
        assertThat(new ProcessIdentity(self.pid(), self.start() + 1).isAlive()).isFalse();
        assertThat(new ProcessIdentity(self.pid(), self.start() - 1).isAlive()).isFalse();
    }

    @Test
    void whereThereIsNoProcessNoneIsAlive() {
        assertThat(ProcessIdentity.of(999_999_999)).isEmpty();
        assertThat(new ProcessIdentity(999_999_999, 1).isAlive()).isFalse();
    }

    @Test
    void aZombieCannotRun() throws Exception {
        try (Client parent = Client.start("sh", "-c", "sleep 0.3 & echo $!; exec sleep 60")) {
            long pid = Long.parseLong(parent.takeLine(10_000));
            ProcessIdentity child = ProcessIdentity.of(pid).orElseThrow();
            for (int i = 0; i < 1000 && child.isAlive(); i++) {
                Thread.sleep(10);
            }
            assertThat(ProcessIdentity.of(pid)).as("it is there still").contains(child);
            assertThat(child.isAlive()).isFalse();
        }
    }

    /// Field case 13: a name is bytes, not text, and the kernel cuts it after the 15th, also in the middle of a letter.
    @ParameterizedTest
    @ValueSource(strings = {"n\\366n-utf8", "twelve-bytes\\303\\274\\303\\274", ") Z 1 1 1", "a b) (c"})
    void whateverBytesItsNameHas(String name) throws Exception {
        try (Client client = Client.start(
                "sh",
                "-c",
                "name=$(printf \"$2\"); cp \"$(command -v sleep)\" \"$1/$name\"; echo $$; exec \"$1/$name\" 60",
                "sh",
                folder.toString(),
                name)) {
            long pid = Long.parseLong(client.takeLine(10_000));
            for (int i = 0; i < 1000 && !hasRenamed(pid); i++) {
                Thread.sleep(10);
            }
            assertThat(hasRenamed(pid)).isTrue();
            ProcessIdentity process = ProcessIdentity.of(pid).orElseThrow();
            assertThat(process.isAlive()).isTrue();
            assertThat(process.start())
                    .isGreaterThanOrEqualTo(ProcessIdentity.current().start());
        }
    }

    private static boolean hasRenamed(long pid) throws IOException {
        byte[] name = Files.readAllBytes(Path.of("/proc/" + pid + "/comm"));
        return !new String(name, StandardCharsets.ISO_8859_1).equals("sh\n");
    }
}
