package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Outcome;
import org.relayfs.testing.Sandbox;

/// Each example, started with no more than the jar of the command, as docs/CONTRIBUTING.md says.
@MountTest
@Timeout(60)
class ExamplesIT {
    private static final String CLASS_PATH = Path.of("target/relayfs.jar").toAbsolutePath() + ":"
            + Path.of("target/example-classes").toAbsolutePath();
    private static final int JFR_HEADER_LENGTH = 20;

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void theEmbeddedLoggersLinesComeOutOfCat() throws Exception {
        int threads = 4;
        int lines = 1000;
        Client logger = start("EmbeddedLogger", "" + threads, "" + lines);
        assertThat(logger.awaitLine("written ")).isEqualTo("written 4000 lost 0");
        assertThat(sandbox.sh("tail -n 1 version").succeeded().out()).matches("mmap (passthrough|cached)\n");
        List<String> read =
                sandbox.sh("cat app/cpu*[0-9]").succeeded().out().lines().toList();
        assertThat(read).containsExactlyInAnyOrderElementsOf(expectedLines(threads, lines));
        endsCleanly(logger);
    }

    /// Starts a program that mounts on a folder of its own, and goes there.
    private Client start(String example, String... arguments) throws Exception {
        Path mountPoint = Files.createDirectory(sandbox.folder().resolve("mount"));
        Leftovers.watchMountPoint(mountPoint);
        List<String> all = new ArrayList<>(List.of(mountPoint.toString()));
        all.addAll(List.of(arguments));
        Client program = sandbox.startJava(CLASS_PATH, "org.relayfs.examples." + example, all.toArray(String[]::new));
        assertThat(program.awaitLine("mounted on ")).isEqualTo("mounted on " + mountPoint);
        sandbox.use(mountPoint);
        return program;
    }

    private static List<String> expectedLines(int threads, int lines) {
        return IntStream.range(0, threads * lines)
                .mapToObj(i -> "thread " + i / lines + " line " + i % lines)
                .toList();
    }

    @Test
    void everyEventOfJfrIsARecord() throws Exception {
        Client jfr = start("JfrToRelay", "1");
        String counted = jfr.awaitLine("events ");
        List<String> names = new ArrayList<>();
        for (String file : sandbox.sh("ls -d jfr/cpu*[0-9]").succeeded().out().split("\n")) {
            names.addAll(eventNames(sandbox.run("dd", "if=" + file, "bs=64K", "status=none")
                    .succeeded()
                    .bytes()));
        }
        assertThat(counted).isEqualTo("events " + names.size() + " lost 0");
        assertThat(Set.copyOf(names)).contains("jdk.ThreadStart", "jdk.CPULoad");
        endsCleanly(jfr);
    }

    private static List<String> eventNames(byte[] read) {
        List<String> names = new ArrayList<>();
        ByteBuffer records = ByteBuffer.wrap(read).order(ByteOrder.nativeOrder());
        while (records.hasRemaining()) {
            int begin = records.position();
            int length = records.getInt(begin);
            assertThat(records.getLong(begin + 4)).as("start").isPositive();
            names.add(new String(read, begin + JFR_HEADER_LENGTH, length - JFR_HEADER_LENGTH, StandardCharsets.UTF_8));
            records.position(begin + length);
        }
        return names;
    }

    /// With the end of its standard input a program unmounts and ends. That nothing is left of it, is looked at
    /// after each test.
    private void endsCleanly(Client program) throws Exception {
        Outcome outcome = sandbox.end(program);
        assertThat(outcome.exit()).as(outcome.command()).isZero();
        assertThat(outcome.errors()).doesNotContain("WARNING", "WARN", "ERROR", "Exception");
    }
}
