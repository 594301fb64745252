package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Which of the usual ways to copy a file that node, Go and Rust have give all of a relay file, by their own programs
/// where they are installed. Field case 18; [CopiesIT] makes their system calls everywhere.
@MountTest
@Timeout(120)
class LanguageCopiesIT {
    private static final List<MmapMode> MODES = List.of(MmapMode.CACHED, MmapMode.OFF, MmapMode.PASSTHROUGH);
    /// A record in the open sub-buffer only; more than the kernel copies at a time.
    private static final List<Integer> COUNTS = List.of(2, 40);

    private static final String COPY_FILE = "fs.copyFile";

    @TempDir
    private Path folder;

    private enum Language {
        NODE(
                "node",
                "node/copies.js",
                List.of("fs.readFile", "fs.readFileSync", "fs.promises.readFile"),
                List.of("fs.createReadStream", "fs.readSync")),
        GO("go", "go/copies.go", List.of(), List.of("os.ReadFile", "io.Copy", "io.ReadAll", "bufio.Scanner")),
        RUST(
                "rustc",
                "rust/copies.rs",
                List.of(),
                List.of(
                        "fs::copy",
                        "fs::read",
                        "fs::read_to_string",
                        "io::copy",
                        "Read::read_to_end",
                        "BufRead::lines"));

        private final String tool;
        private final String source;
        /// Calls that stop at `st_size`, and calls that do not ask for it.
        private final List<String> trusting;

        private final List<String> indifferent;

        Language(String tool, String source, List<String> trusting, List<String> indifferent) {
            this.tool = tool;
            this.source = Path.of("src/test", source).toAbsolutePath().toString();
            this.trusting = trusting;
            this.indifferent = indifferent;
        }

        /// {@return the command that runs the program}
        List<String> program(Path folder) throws Exception {
            boolean installed = Client.shell("command -v " + tool + " || true").contains(tool);
            assumeTrue(installed, () -> tool + " is not installed");
            String compiled = folder.resolve(tool + "-copies").toString();
            return switch (this) {
                case NODE -> List.of(tool, source);
                case GO ->
                    compile(
                            compiled,
                            "env",
                            "GOCACHE=" + folder.resolve("cache"),
                            tool,
                            "build",
                            "-o",
                            compiled,
                            source);
                case RUST -> compile(compiled, tool, "-o", compiled, source);
            };
        }

        private static List<String> compile(String compiled, String... command) throws Exception {
            try (Client compiler = Client.start(command)) {
                compiler.awaitSuccess();
            }
            return List.of(compiled);
        }
    }

    private Client copying(List<String> program, TestMount mount, String call) throws Exception {
        Files.deleteIfExists(folder.resolve("copy"));
        return Client.start(Stream.concat(
                        program.stream(),
                        Stream.of(
                                call,
                                mount.file("app/cpu0"),
                                folder.resolve("copy").toString()))
                .toList());
    }

    private String copied(List<String> program, TestMount mount, String call) throws Exception {
        try (Client client = copying(program, mount, call)) {
            client.awaitSuccess();
        }
        return Files.readString(folder.resolve("copy"));
    }

    private void assertCopyAll(List<String> program, List<String> calls, TestMount mount, RelayChannel channel)
            throws Exception {
        for (String call : calls) {
            for (int count : COUNTS) {
                String logged = CopiesIT.log(channel, count);
                assertThat(copied(program, mount, call))
                        .as("%s of %d", call, count)
                        .isEqualTo(logged);
                channel.reset();
                mount.sh("chmod u+w app/cpu0 && : > app/cpu0"); // the size begins anew
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void allCopyAllWhereTheSizeHasTheOpenSubBuffer(Language language) throws Exception {
        List<String> program = language.program(folder);
        for (MmapMode mode : MODES) {
            CopiesIT.onChannel(mode, "all", (mount, channel) -> {
                assertCopyAll(program, language.trusting, mount, channel);
                assertCopyAll(program, language.indifferent, mount, channel);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoDoesNotAskForTheSizeCopiesAllWhateverItIs(Language language) throws Exception {
        List<String> program = language.program(folder);
        for (MmapMode mode : MODES) {
            CopiesIT.onChannel(
                    mode, "relay", (mount, channel) -> assertCopyAll(program, language.indifferent, mount, channel));
        }
    }

    /// It copies by `sendfile` at an offset that it names. Where that is refused nothing is lost.
    @Test
    void nodesCopyFileWorksWithPassthroughAndTheWholeSizeOnly() throws Exception {
        List<String> program = Language.NODE.program(folder);
        for (MmapMode mode : MODES) {
            CopiesIT.onChannel(mode, "all", (mount, channel) -> {
                if (mode == MmapMode.PASSTHROUGH) {
                    assertCopyAll(program, List.of(COPY_FILE), mount, channel);
                    return;
                }
                String logged = CopiesIT.log(channel, 6);
                try (Client client = copying(program, mount, COPY_FILE)) {
                    assertThat(client.awaitEnd()).isNotZero();
                    assertThat(client.errors()).contains("ESPIPE");
                }
                assertThat(copied(program, mount, "fs.createReadStream")).isEqualTo(logged);
            });
        }
    }
}
