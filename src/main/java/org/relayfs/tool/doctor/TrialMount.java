package org.relayfs.tool.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.relayfs.linux.Fusermount;
import org.relayfs.linux.MountTable;
import org.relayfs.tool.cli.Complaint;
import org.relayfs.tool.cli.LauncherOptions;
import org.relayfs.tool.cli.LogFile;
import org.relayfs.tool.cli.ToolException;

/// A mount that `relayfs mount` is asked to make, as the user would ask it, and that is unmounted at once. No list of
/// conditions is as good.
final class TrialMount {
    private static final int PATIENCE_S = 60;
    private static final String NAME = "relayfs-doctor";
    private static final Path MEMORY = Path.of("/dev/shm");

    private final List<String> command;
    private final List<String> options;

    /// @param mainClass of the command
    /// @param options   of the mount
    TrialMount(Class<?> mainClass, List<String> options) {
        this.command = command(mainClass);
        this.options = options;
    }

    /// Mounts and unmounts.
    ///
    /// @param wanted where; on a folder of its own otherwise
    /// @return nothing when it works, else what was said
    Optional<String> run(Optional<Path> wanted) throws InterruptedException {
        try {
            return wanted.isPresent() ? on(wanted.get()) : onOwnFolder();
        } catch (IOException e) {
            return Optional.of(Complaint.of(e).getMessage() + "; set TMPDIR to a folder that can be written to");
        }
    }

    private Optional<String> onOwnFolder() throws IOException, InterruptedException {
        Path folder = make(in -> Files.createTempDirectory(in, NAME)).toRealPath();
        try {
            return on(folder);
        } finally {
            removeLog(folder);
            if (!folder.toFile().delete()) {
                folder.toFile().deleteOnExit();
            }
        }
    }

    @FunctionalInterface
    private interface Maker {
        Path make(Path folder) throws IOException;
    }

    /// A temporary folder that is read-only may be no obstacle to a mount.
    private static Path make(Maker maker) throws IOException {
        try {
            return maker.make(Path.of(System.getProperty("java.io.tmpdir")));
        } catch (IOException e) {
            return maker.make(MEMORY);
        }
    }

    private static void removeLog(Path folder) throws IOException {
        try {
            Files.deleteIfExists(LogFile.of(folder));
        } catch (ToolException e) {
            // The mount has said so.
        }
    }

    private Optional<String> on(Path folder) throws IOException, InterruptedException {
        if (MountTable.at(folder).filter(MountTable.Mount::isRelayfs).isPresent()) {
            return Optional.of(folder + ": a relayfs is mounted here already");
        }
        Thread undo = new Thread(() -> Fusermount.unmount(folder, true), "relayfs-doctor-undo");
        Runtime.getRuntime().addShutdownHook(undo);
        Optional<String> refused = relayfs("mount", folder);
        if (refused.isEmpty()) {
            refused = relayfs("umount", folder).map(said -> "it mounts, but cannot be unmounted: " + said);
            if (refused.isPresent() && MountTable.at(folder).isPresent()) {
                Fusermount.unmount(folder, true);
            }
        }
        Runtime.getRuntime().removeShutdownHook(undo);
        return refused;
    }

    private Optional<String> relayfs(String verb, Path folder) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.add(verb);
        if (verb.equals("mount") && !options.isEmpty()) {
            words.addAll(List.of("-o", String.join(",", options)));
        }
        words.add(folder.toString());
        Path said = make(in -> Files.createTempFile(in, NAME, ".said"));
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of("relayfs " + verb + " did not end in " + PATIENCE_S + " s");
            }
            String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
            return process.exitValue() == 0 ? Optional.empty() : Optional.of(oneLine(text));
        } finally {
            Files.delete(said);
        }
    }

    private static String oneLine(String text) {
        String line =
                text.lines().map(String::strip).filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
        return line.isEmpty() ? "the command ended without a word" : line;
    }

    private static List<String> command(Class<?> mainClass) {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir="
                        + Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath()));
        command.addAll(LauncherOptions.cache());
        command.addAll(List.of("-cp", classPath, mainClass.getName()));
        return command;
    }
}
