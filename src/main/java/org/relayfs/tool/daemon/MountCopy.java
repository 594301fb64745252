package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A mount as one mount namespace has it. What is mounted in one is copied into those that are made from it, such as
/// that
/// of a container, and each copy keeps the file system and its daemon alive.
///
/// @param namespace  which one
/// @param pid        of a process in it
/// @param mountPoint what the mount is called there, as the kernel writes it
record MountCopy(String namespace, String pid, String mountPoint) {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String OURS = " - fuse.relayfs ";
    private static final String[] NONE = {};
    private static final int PATIENCE_S = 2;
    private static final int DEVICE_FIELD = 2;
    private static final int MOUNT_POINT_FIELD = 4;

    /// Looks for all, in bounded time and without asking the mount anything. Those of this mount namespace come first:
    /// they
    /// can be seen and unmounted here, and the kernel passes that on to the namespaces that share them.
    ///
    /// @param device `major:minor` of the mount; given to another once the file system is gone
    static List<MountCopy> of(String device) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        List<MountCopy> copies = new ArrayList<>();
        Path self = PROCESSES.resolve(Long.toString(ProcessHandle.current().pid()));
        Set<String> seen = new HashSet<>(Set.of(namespace(self)));
        copies.addAll(in(namespace(self), self, device));
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES)) {
            for (Path process : processes) {
                if (!Character.isDigit(process.getFileName().toString().charAt(0))) {
                    continue;
                }
                if (System.nanoTime() - deadline > 0) {
                    break;
                }
                String namespace = namespace(process);
                if (seen.add(namespace)) {
                    copies.addAll(in(namespace, process, device));
                }
            }
        }
        return copies;
    }

    /// Where it is, what comes of that, and how to be rid of it.
    ///
    /// @param daemon the process that it keeps alive
    String complaint(long daemon) {
        boolean here = namespace.equals(namespace(PROCESSES.resolve("self")));
        String where = here
                ? "this mount is also on " + mountPoint
                : "process " + pid + " (" + name() + ") has a copy of the mount on " + mountPoint;
        String remedy = here
                ? "umount " + mountPoint
                : "end that process, or run: nsenter -t " + pid + " -m umount " + mountPoint;
        return where + ", which keeps its daemon, process " + daemon + ", alive; " + remedy;
    }

    /// What another user's process is in cannot be told: then it counts as one of its own.
    private static String namespace(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/mnt")).toString();
        } catch (IOException e) {
            return process.toString();
        }
    }

    private static List<MountCopy> in(String namespace, Path process, String device) {
        List<MountCopy> copies = new ArrayList<>();
        try {
            for (String line : bytes(process.resolve("mountinfo")).split("\n")) {
                String[] fields = line.contains(OURS) ? line.split(" ") : NONE;
                if (fields.length > MOUNT_POINT_FIELD && fields[DEVICE_FIELD].equals(device)) {
                    copies.add(new MountCopy(namespace, process.getFileName().toString(), fields[MOUNT_POINT_FIELD]));
                }
            }
        } catch (IOException e) {
            // It has ended.
        }
        return copies;
    }

    /// Of the process.
    private String name() {
        try {
            return bytes(PROCESSES.resolve(pid).resolve("comm")).strip().replaceAll("[^ -~]", "?");
        } catch (IOException e) {
            return "?";
        }
    }

    /// One character each: names of processes and folders may be anything.
    private static String bytes(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
