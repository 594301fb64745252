package org.relayfs.tool.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Client;

@Timeout(60)
class NotifySocketTest {
    private static final String SERVICE_MANAGER = """
            import socket, sys
            name = sys.argv[1]
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind('\\0' + name[1:] if name[0] == '@' else name)
            print('bound', flush=True)
            print(s.recv(1000).decode(), flush=True)
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "@relayfs-test-"})
    void theServiceManagerHearsOnPathsAndAbstractNames(String kind) throws Exception {
        String name = kind.isEmpty()
                ? folder.resolve("socket").toString()
                : kind + ProcessHandle.current().pid();
        try (Client manager = Client.start("python3", "-c", SERVICE_MANAGER, name)) {
            manager.awaitLine("bound");
            NotifySocket.send(name, "READY=1\nSTATUS=\u00fc");
            assertThat(manager.awaitLine("READY=1")).isEqualTo("READY=1");
            assertThat(manager.awaitLine("STATUS")).startsWith("STATUS=");
        }
    }

    @Test
    void aNameThatCannotBeOneAndNobodyThereAreTold() {
        assertThatThrownBy(() -> NotifySocket.send("", "READY=1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("length=0, limit=1 to 107");
        assertThatThrownBy(() -> NotifySocket.send("/" + "x".repeat(107), "READY=1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("length=108, limit=1 to 107");
        assertThatThrownBy(() -> NotifySocket.send(folder.resolve("none").toString(), "READY=1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No such file or directory");
    }
}
