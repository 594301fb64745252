package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.testing.Client;
import org.relayfs.testing.Programs;

/// `relayfs.h` is C11 and C++17 without a warning, and has neither undefined behaviour nor a data race in it.
class CHeaderTest {
    private static final int RECORDS = 20_000;
    private static final int RESIZES = 12;

    /// More than a process has entries of its own.
    private static final int THREADS = 10;

    private static final String TWO_PARTS = """
            #include "relayfs.h"
            long part(struct relayfs_channel *channel);
            #ifdef MAIN
            int main(void)
            {
                static struct relayfs_channel channel;
                return relayfs_attach(&channel, "/dev/null") == -ENOENT ? 0 : part(&channel) > 1;
            }
            #else
            long part(struct relayfs_channel *channel)
            {
                struct relayfs_reservation reservation;
                return channel->slots == 0 ? 1 : relayfs_reserve(channel, &reservation, 8);
            }
            #endif
            """;

    private static final Path HEADER = Path.of("src/main/c/relayfs.h");
    private static final Path PAGE = Path.of("docs/man/relayfs.3");

    @TempDir
    private Path folder;

    /// In two parts of a program, too.
    @ParameterizedTest
    @CsvSource({"gcc, c, c11", "gcc, c++, c++17", "clang, c, c11", "clang, c++, c++17"})
    void compilesWithoutAWarning(String compiler, String language, String standard) throws Exception {
        assumeTrue(isThere(compiler) && hasLanguage(compiler, language), compiler + " for " + language);
        Path source = Files.writeString(folder.resolve("part.txt"), TWO_PARTS);
        List<String> command =
                new ArrayList<>(List.of(compiler, "-x", language, "-std=" + standard, "-O2", "-pthread"));
        command.addAll(List.of("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror"));
        command.addAll(List.of("-I", Path.of("src/main/c").toAbsolutePath().toString(), "-c", source.toString()));
        compile(command, "-o", "one.o");
        compile(command, "-DMAIN", "-o", "two.o");
        compile(List.of(compiler, "one.o", "two.o"), "-o", "program");
        try (Client program = Client.start(folder.resolve("program").toString())) {
            program.awaitSuccess();
        }
    }

    /// The examples of relayfs(3), in the order in which they stand there.
    @Test
    void theExamplesOfTheManualPage() throws Exception {
        String page = Files.readString(PAGE);
        for (String block : page.split("\\.Bd -literal -offset indent\n")) {
            if (block.startsWith("/* ")) {
                String name = block.substring("/* ".length(), block.indexOf(" */"));
                Files.writeString(
                        folder.resolve(name),
                        block.substring(0, block.indexOf(".Ed\n")).replace("\\e", "\\"));
                compile(
                        List.of("cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", name),
                        "-I",
                        Path.of("src/main/c").toAbsolutePath().toString(),
                        "-o",
                        name.replace(".c", ""));
            }
        }
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("c", ChannelConfig.of(4096, 4).withGlobal(true))) {
            assertThat(run("log", channel, "one\ntwo\n")).isEmpty();
            assertThat(run("look", channel, "")).isEqualTo("one\ntwo\n");
            assertThat(read(channel.buffers().getFirst())).isEqualTo("one\ntwo\n");
        }
    }

    private String run(String program, RelayChannel channel, String input) throws Exception {
        try (Client client = Client.start(
                folder.resolve(program).toString(), channel.folder().toString())) {
            client.input().write(bytes(input));
            client.input().close();
            return client.awaitSuccess().output();
        }
    }

    @Test
    void theManualPageHasEveryFunctionAndResult() throws Exception {
        String page = Files.readString(PAGE);
        Set<String> functions =
                words(Files.readString(HEADER), "(?m)^(?:static inline|RLYFS_FAST) .*?\\b(relayfs_\\w+)\\(");
        assertThat(functions)
                .hasSizeGreaterThan(12)
                .isEqualTo(words(page, "(?m)^\\.F[no] (relayfs_\\w+)(?: \"|$)"))
                .isEqualTo(words(page, "(?m)^\\.Nm (relayfs_\\w+)"));
        assertThat(words(Files.readString(HEADER), "(?m)^    (RELAYFS_\\w+)"))
                .isEqualTo(words(page, "Dv (RELAYFS_\\w+)"));
    }

    private static Set<String> words(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void compile(List<String> command, String... more) throws Exception {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        try (Client compiler = Client.startIn(folder, all)) {
            assertThat(compiler.awaitSuccess().errors()).isEmpty();
        }
    }

    private static boolean isThere(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    // Debian has the one in gcc, the other in g++; a compiler of C alone says so.
    private static boolean hasLanguage(String compiler, String language) throws Exception {
        try (Client client = Client.start(
                "sh", "-c", "echo '#include <stdint.h>' | " + compiler + " -x " + language + " -fsyntax-only -")) {
            return client.awaitEnd() == 0;
        }
    }

    /// The thread sanitizer is told nothing of fences, which gcc warns of; who observes an overwritten sub-buffer reads
    /// bytes that are being written, and finds that out afterwards.
    @ParameterizedTest
    @ValueSource(strings = {"address,undefined", "thread"})
    void manyThreadsPassTheSanitizers(String sanitizer) throws Exception {
        boolean threads = sanitizer.equals("thread");
        String program = sanitized(sanitizer);
        for (ChannelMode mode : ChannelMode.values()) {
            try (Relay relay = Relay.create();
                    RelayChannel channel =
                            relay.open("c", ChannelConfig.of(4096, 4).withMode(mode))) {
                try (Client client = Client.start(
                        program,
                        channel.folder().toString(),
                        "" + THREADS,
                        "" + RECORDS,
                        threads ? "write" : "observe")) {
                    String[] taken = client.awaitSuccess().output().strip().split(" ");
                    List<BufferStats> stats = channel.stats();
                    assertThat(client.errors()).isEmpty();
                    assertThat(stats.stream().mapToLong(BufferStats::records).sum())
                            .isEqualTo(Long.parseLong(taken[0]))
                            .isPositive();
                    assertThat(stats.stream()
                                    .mapToLong(BufferStats::bytesWritten)
                                    .sum())
                            .isEqualTo(Long.parseLong(taken[1]));
                    assertThat(stats).noneMatch(BufferStats::damaged);
                }
            }
        }
    }

    private static String sanitized(String sanitizer) throws Exception {
        return Programs.c(
                "attached_threads",
                "attached_threads-" + sanitizer.replace(',', '-'),
                "-fsanitize=" + sanitizer,
                sanitizer.equals("thread") ? "-Wno-tsan" : "-fno-sanitize-recover=all");
    }

    /// The thread sanitizer sees nothing of what the owner does meanwhile, and would miss it.
    @Test
    void manyThreadsFollowOneResizeAfterTheOther() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("c", ChannelConfig.of(4096, 4).withMode(ChannelMode.OVERWRITE));
                Client client = Client.start(
                        sanitized("address,undefined"), channel.folder().toString(), "" + THREADS, "0", "write")) {
            await().until(() -> records(channel) > 0 || !client.isAlive());
            int resizes = 0;
            while (resizes < RESIZES && client.isAlive()) {
                try {
                    channel.resize(2048 + resizes % 16 * 1024, 3 + resizes % 5);
                    resizes++;
                } catch (IllegalStateException e) {
                    // Somebody is in the last eight of them: a thread that does not run.
                }
                for (ChannelBuffer buffer : channel.buffers()) {
                    for (int i = 0; i < 20 && !read(buffer).isEmpty(); i++) {
                        // What is left is lost: nobody counts it here.
                    }
                }
            }
            client.input().close();
            String[] taken = client.awaitSuccess().output().strip().split(" ");
            assertThat(client.errors()).isEmpty();
            assertThat(resizes).isEqualTo(RESIZES);
            assertThat(records(channel))
                    .as("%d resizes", resizes)
                    .isEqualTo(Long.parseLong(taken[0]))
                    .isPositive();
            assertThat(channel.stats()).noneMatch(BufferStats::damaged);
        }
    }

    private static long records(RelayChannel channel) {
        return channel.stats().stream().mapToLong(BufferStats::records).sum();
    }
}
