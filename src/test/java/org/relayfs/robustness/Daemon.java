package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;

/// The tool's daemon on a folder, as a process that can be measured and killed. [#close] takes away whatever is
/// left of it: process, mount, shared memory.
final class Daemon implements AutoCloseable {
    private static final String READY = "mounted on ";
    /// Not the class path of the tests: classes that are needed for the first time when no file can be opened come
    /// out of a jar only.
    private static final String JAR =
            Path.of("target/relayfs.jar").toAbsolutePath().toString();

    private final Path mountPoint;
    private final Client process;
    /// Where its files are for others: elsewhere when it has mounts of its own.
    private final Path root;

    private Daemon(Path mountPoint, Client process, Path root) {
        this.mountPoint = mountPoint;
        this.process = process;
        this.root = root;
    }

    /// The same, for those who look at its files while it has a namespace of mounts of its own.
    Daemon seenFromOutside() {
        return new Daemon(mountPoint, process, Path.of("/proc/" + process.pid() + "/root"));
    }

    /// Starts one and waits until its mount answers.
    ///
    /// @param folder  to mount on
    /// @param options of the mount, as after `-o`
    /// @param before  what stands before `java`: a program that limits something
    /// @param jvm     options of the JVM
    static Daemon start(Path folder, String options, List<String> before, String... jvm) throws Exception {
        Leftovers.watchMountPoint(folder);
        List<String> command = new ArrayList<>(before);
        List<String> tool = tool("mount", "-f", "-o", options, folder.toString());
        command.add(tool.getFirst());
        command.addAll(List.of(jvm));
        command.addAll(tool.subList(1, tool.size()));
        Daemon daemon = new Daemon(folder, Client.start(command), Path.of("/"));
        try {
            daemon.process.awaitLine(READY);
        } catch (AssertionError | InterruptedException e) {
            daemon.close();
            throw e;
        }
        return daemon;
    }

    /// The command line of the tool.
    static List<String> tool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                JAR));
        command.addAll(List.of(arguments));
        return command;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    Path folder() {
        return seen(mountPoint);
    }

    /// @param path as the daemon knows it
    Path seen(Path path) {
        return root.resolve(Path.of("/").relativize(path));
    }

    Client process() {
        return process;
    }

    /// The files through which it serves a channel to processes that attach.
    Path channelFolder(String channel) throws IOException {
        for (Path owner : memory()) {
            try (DirectoryStream<Path> channels = Files.newDirectoryStream(owner, channel + ".*")) {
                for (Path found : channels) {
                    return found;
                }
            }
        }
        throw new NoSuchFileException(channel);
    }

    /// Its folders of shared memory.
    List<Path> memory() throws IOException {
        Path home = seen(SharedFolder.ofUser(SharedFolder.userId()));
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(home, process.pid() + "-*")) {
            folders.forEach(found::add);
        } catch (NoSuchFileException e) {
            // Nobody has any.
        }
        return found;
    }

    boolean isMounted() throws IOException {
        try (Stream<String> mounts =
                Files.readString(Path.of("/proc/self/mountinfo")).lines()) {
            return mounts.anyMatch(line -> line.split(" ")[4].equals(mountPoint.toString()));
        }
    }

    /// Nobody has logged an error, nor anything to worry about.
    void assertNothingLogged() {
        assertThat(process.errors().lines())
                .as("log of the daemon")
                .noneMatch(line -> line.contains(" ERROR ") || line.contains(" WARN ") || line.contains("Exception"));
    }

    @Override
    public void close() throws Exception {
        process.close();
        while (isMounted()) {
            Client.shell("umount -l \"$1\" || fusermount3 -uz \"$1\"", mountPoint);
        }
        removeMemory();
    }

    /// Removes what it has left in shared memory, if it was killed.
    void removeMemory() throws IOException {
        for (Path left : memory()) {
            SharedFolder.remove(left);
            SharedFolder.removeHomeIfEmpty(left);
        }
    }
}
