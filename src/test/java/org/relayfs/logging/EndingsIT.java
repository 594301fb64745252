package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// Loggers at the end of their mount, and of their JVM.
@MountTest
@Timeout(120)
final class EndingsIT {
    @TempDir
    private Path folder;

    private static void say(Client program, int number) throws Exception {
        program.input().write((number + "\n").getBytes(StandardCharsets.US_ASCII));
        program.input().flush();
        program.awaitLine("logged " + number);
    }

    private static Client serve(Path point) throws Exception {
        Leftovers.watchMountPoint(point);
        Client server = Tool.start("mount", "-f", point);
        server.awaitLine("mounted on ");
        return server;
    }

    /// The channel overwrites: no record of it ever finds that there is no room in the memory of the dead.
    @Test
    void aMountThatIsServedAgainIsLoggedInto() throws Exception {
        Path point = Files.createDirectory(folder.resolve("mount"));
        String memory;
        try (Client first = serve(point);
                Client program = LoggingPrograms.start(
                        folder, LoggingLines.class, "logback", List.of("path=" + point + "/shop", "mode=overwrite"))) {
            say(program, 0);
            memory = Path.of(Files.readString(point.resolve("shop/memory")).strip())
                    .getParent()
                    .toString();
            first.signal("KILL").awaitEnd();
            say(program, 1);
            try (Client second = serve(point)) {
                int[] number = {2};
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    say(program, number[0]++);
                    assertThat(Files.exists(point.resolve("shop/stats"))).isTrue();
                    assertThat(Tool.run("report", "--observe", point.resolve("shop")))
                            .contains("message 9 " + (number[0] - 1));
                });
                second.signal("TERM").awaitEnd();
            }
        }
        Client.shell("rm -r \"$1\"", memory);
    }

    /// Whatever the JVM does at its end, calls that had returned before are in the channel, and nothing is complained
    /// of.
    @ParameterizedTest
    @ValueSource(strings = {"logback", "log4j", "jul"})
    void threadsMayLogWhileTheJvmEnds(String framework) throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = LoggingPrograms.start(
                        folder,
                        LoggingLines.class,
                        framework,
                        List.of("path=" + mount.file("shop"), "subbufSize=1M", "nSubbufs=8"))) {
            program.input().write("exit\n".getBytes(StandardCharsets.US_ASCII));
            program.input().close();
            program.awaitSuccess();
            assertThat(program.errors()).isEmpty();
            String report = Tool.run("report", "--observe", mount.file("shop"));
            for (int thread = 0; thread < 4; thread++) {
                assertThat(report).contains("message " + thread + " 0", "message " + thread + " 200");
            }
        }
    }
}
