package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Sandbox;

/// The main job: text goes in line by line through `write`, and comes out of the relay files with `cat`.
@MountTest
@Timeout(90)
class EndToEndIT {
    private static final int TEXT_LENGTH = 2_000_000;
    private static final List<String> SYSTEM_TEXTS =
            List.of("/var/lib/dpkg/status", "/etc/services", "/etc/protocols", "/etc/mime.types", "/etc/passwd");

    /// Logs each line of a file with one write(2), and tries again while the buffer is full. Says how often
    /// it was.
    private static final String WRITER = """
            import os, sys, time
            records = os.open('app/write', os.O_WRONLY)
            full = 0
            for line in open(sys.argv[1], 'rb'):
                while True:
                    try:
                        assert os.write(records, line) == len(line)
                        break
                    except BlockingIOError:
                        full += 1
                        time.sleep(0.005)
            print(full)
            """;

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void everyLineArrivesOnceAndInOrder() throws Exception {
        Relay relay = sandbox.mount();
        sandbox.sh("echo create app subbuf_size=64K n_subbufs=4 > control").succeeded();
        RelayChannel channel = relay.channel("app").orElseThrow();
        Map<String, String> texts = texts(allowedCpus());
        List<Client> writers = new ArrayList<>();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Path file = sandbox.folder().resolve("text" + text.getKey());
            Files.writeString(file, text.getValue(), StandardCharsets.ISO_8859_1);
            writers.add(sandbox.start("taskset", "-c", text.getKey(), "python3", "-c", WRITER, file.toString()));
        }
        await("a full buffer").atMost(Duration.ofSeconds(20)).until(() -> channel.dropped() > 0);
        Path written = sandbox.folder().resolve("written");
        Client reader = sandbox.start(
                "sh",
                "-c",
                "while [ ! -e \"$0\" ]; do cat app/cpu*[0-9] || exit; done; cat app/cpu*[0-9]",
                written.toString());
        long refusals = 0;
        for (Client writer : writers) {
            refusals += Long.parseLong(sandbox.end(writer).succeeded().out().strip());
        }
        Files.createFile(written);
        String read = sandbox.end(reader).succeeded().out();

        assertThat(read)
                .hasSize(texts.values().stream().mapToInt(String::length).sum());
        texts.forEach((cpu, text) -> assertThat(linesOf(cpu, read).equals(text))
                .as("the lines of CPU %s are what was written, in order", cpu)
                .isTrue());
        assertThat(refusals).as("refusals that the writers saw").isEqualTo(channel.dropped());
        assertThat(sandbox.sh("cat app/dropped").succeeded().out()).isEqualTo(refusals + "\n");
    }

    @Test
    void aChannelMadeStepByStepLeavesNoMemoryBehind() throws Exception {
        Relay relay = sandbox.mount();
        sandbox.sh("""
                set -e
                mkdir app
                [ "$(cat app/create app/enabled)" = "0
                0" ]
                [ ! -e app/cpu0 ]
                echo 64K > app/subbuf_size
                echo 4 > app/n_subbufs
                [ "$(cat app/subbuf_size)" = 65536 ]
                echo 1 > app/create
                echo hello > app/write
                """).succeeded();
        RelayChannel channel = relay.channel("app").orElseThrow();
        assertThat(channel.config().subBufferSize()).isEqualTo(65536);
        assertThat(channel.config().subBufferCount()).isEqualTo(4);
        assertThat(channel.folder()).isDirectoryContaining("glob:**/meta");
        assertThat(sandbox.sh("cat app/cpu*[0-9]").succeeded().out()).isEqualTo("hello\n");

        sandbox.sh("rmdir app && [ ! -e app ]").succeeded();
        assertThat(relay.channels()).isEmpty();
        assertThat(channel.folder()).doesNotExist();
        try (Stream<Path> left = Files.list(relay.folder())) {
            assertThat(left)
                    .containsExactlyInAnyOrder(
                            relay.folder().resolve("doorbell"),
                            relay.folder().resolve("locks"),
                            relay.folder().resolve("mounts"));
        }
    }

    /// The shells' own `echo` and `printf` hand over a line with one write(2).
    @Test
    void shellsLogALineARecord() throws Exception {
        sandbox.mount();
        sandbox.sh("echo create app global=1 > control").succeeded();
        for (String shell : List.of("dash", "bash")) {
            sandbox.run(shell, "-c", """
                    exec 3> app/write
                    n=0
                    while read -r line; do
                        n=$((n + 1))
                        printf '%s %s\\n' $n "$line" >&3
                        echo "$line" > app/write
                    done < /etc/passwd
                    """).succeeded();
            String expected = sandbox.run("awk", "{ print NR, $0; print }", "/etc/passwd")
                    .succeeded()
                    .out();
            assertThat(sandbox.sh("tail -n 1 app/stats | cut -d ' ' -f 7").out())
                    .as("records")
                    .isEqualTo(expected.lines().count() + "\n");
            assertThat(sandbox.sh("cat app/cpu0").succeeded().out()).isEqualTo(expected);
            sandbox.sh("echo 1 > app/reset").succeeded();
        }
    }

    /// At most four, so that the test does the same everywhere.
    private List<String> allowedCpus() throws Exception {
        String cpus = sandbox.python("import os; print(*sorted(os.sched_getaffinity(0)))")
                .succeeded()
                .out();
        return Arrays.stream(cpus.strip().split(" ")).limit(4).toList();
    }

    /// @return for each CPU lines of this system's texts, each with the CPU and a number that no other has
    private static Map<String, String> texts(List<String> cpus) throws IOException {
        List<String> lines = systemLines();
        Map<String, StringBuilder> texts = new TreeMap<>();
        int length = 0;
        for (int number = 0; length < TEXT_LENGTH; number++) {
            String cpu = cpus.get(number % cpus.size());
            String line = cpu + " " + number + " " + lines.get(number % lines.size()) + "\n";
            texts.computeIfAbsent(cpu, key -> new StringBuilder()).append(line);
            length += line.length();
        }
        return texts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, text -> text.getValue().toString()));
    }

    private static List<String> systemLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : SYSTEM_TEXTS) {
            Path file = Path.of(name);
            if (Files.isReadable(file)) {
                lines.addAll(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(lines).as("lines of " + SYSTEM_TEXTS).isNotEmpty();
        return lines;
    }

    private static String linesOf(String cpu, String read) {
        try (Stream<String> lines = read.lines()) {
            return lines.filter(line -> line.startsWith(cpu + " ")).collect(Collectors.joining("\n", "", "\n"));
        }
    }
}
