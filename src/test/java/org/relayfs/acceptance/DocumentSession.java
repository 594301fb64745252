package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;

/// A reader who types the examples of one document, one after the other, in the root of the sources: the same mount,
/// the
/// same files. Root has a mount namespace for it, in which no other relayfs is mounted; others must have none.
final class DocumentSession implements AutoCloseable {
    private static final Path TOP = Path.of("").toAbsolutePath();
    private static final Pattern MOUNT_POINT = Pattern.compile("/(mnt|tmp|run)/relay\\b");
    private static final int LIMIT_S = 60;

    private final Path folder = Files.createTempDirectory("relayfs-document");
    private final List<String> environment;
    private final Client namespace;

    DocumentSession() throws Exception {
        for (String name : List.of("mount-scripts", "target")) {
            Files.createSymbolicLink(folder.resolve(name), TOP.resolve(name));
        }
        Files.createDirectory(folder.resolve("relay"));
        Path java = Path.of(System.getProperty("java.home"), "bin");
        String path = TOP.resolve("mount-scripts") + ":" + java + ":" + System.getenv("PATH");
        environment = List.of("env", "PATH=" + path, "XDG_STATE_HOME=" + folder.resolve("state"));
        if (SharedFolder.userId() == 0) {
            namespace = Client.start("unshare", "-m", "sh", "-c", "umount -l -a -t fuse.relayfs; echo ready; exec cat");
            namespace.awaitReady();
        } else {
            namespace = null;
            assumeTrue(
                    !Files.readString(Path.of("/proc/self/mountinfo")).contains(" fuse.relayfs "),
                    "another relayfs is mounted");
        }
    }

    /// Saves a program under the name in its first line.
    void save(DocumentBlock program) throws IOException {
        Files.writeString(folder.resolve(program.fileName()), here(program.text()));
    }

    /// Runs commands; they must end with 0.
    ///
    /// @param expected what they print; `…` stands for anything
    void run(DocumentBlock block, String expected) throws Exception {
        // Here, and not where the command is started: that folder would be the one outside the mount namespace.
        String commands = here("cd " + folder + "\n"
                + block.note("before").map(before -> before + "\n").orElse("")
                + block.note("meanwhile")
                        .map(beside -> "{ " + beside + "; } >&2 &\n")
                        .orElse("")
                + block.text()
                + block.note("meanwhile").map(beside -> "wait $!\n").orElse("")
                + block.note("after").map(after -> after + "\n").orElse(""));
        Path script = Files.writeString(folder.resolve("commands"), commands);
        List<String> command = new ArrayList<>();
        if (namespace != null) {
            command.addAll(List.of("nsenter", "-m", "-t", "" + namespace.pid()));
        }
        command.addAll(environment);
        command.addAll(List.of("timeout", "--kill-after=2", LIMIT_S + "s", "sh", "-eu", script.toString()));
        try (Client shell = Client.start(command)) {
            shell.input().close();
            assertThat(shell.awaitEnd(LIMIT_S + 5))
                    .as("%s:%n%s%n%s", block, commands, shell)
                    .isZero();
            if (!expected.isEmpty()) {
                assertThat(shell.output().strip())
                        .as("%s:%n%s%n%s", block, commands, shell.errors())
                        .matches(pattern(here(expected.strip())));
            }
        }
    }

    /// The text with the mount point of this session.
    private String here(String text) {
        return MOUNT_POINT.matcher(text).replaceAll(folder.resolve("relay").toString());
    }

    private static Pattern pattern(String expected) {
        return Pattern.compile(
                Stream.of(expected.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    @Override
    public void close() throws Exception {
        String mount = folder.resolve("relay").toString();
        List<String> umount = new ArrayList<>(
                List.of("sh", "-c", "mountpoint -q \"$1\" || exit 0; relayfs umount \"$1\"", "sh", mount));
        umount.addAll(0, environment);
        if (namespace != null) {
            umount.addAll(0, List.of("nsenter", "-m", "-t", "" + namespace.pid()));
        }
        try (Client client = Client.start(umount)) {
            client.awaitSuccess();
        } finally {
            if (namespace != null) {
                namespace.close();
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
