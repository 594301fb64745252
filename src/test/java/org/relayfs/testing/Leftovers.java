package org.relayfs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relayfs.linux.ProcessIdentity;
import org.relayfs.memory.SharedFolder;

/// What this JVM and the processes it has started hold of the system: mounts, processes, threads, descriptors,
/// mappings, shared memory. What other runs of the tests hold at the same time does not count.
public final class Leftovers {
    private static final long PATIENCE_MS = 5_000;
    private static final long PAUSE_MS = 10;

    /// One each in a JVM, started by what the tests use, for ever.
    private static final Set<String> FOREIGN_THREADS =
            Set.of("jnr.ffi.util.ref.internal.Finalizer", "junit-jupiter-timeout-watcher");

    private static final Set<String> MOUNT_POINTS = ConcurrentHashMap.newKeySet();
    private static final Set<Long> PROCESSES = ConcurrentHashMap.newKeySet();

    static {
        PROCESSES.add(ProcessHandle.current().pid());
    }

    private final Set<String> all;
    private final Look look;

    private Leftovers(Set<String> all, Look look) {
        this.all = all;
        this.look = look;
    }

    @FunctionalInterface
    private interface Look {
        Leftovers now() throws IOException;
    }

    /// @param folder that somebody is about to mount on
    public static void watchMountPoint(Path folder) {
        MOUNT_POINTS.add(folder.toAbsolutePath().toString());
    }

    /// @param pid of a process that may have shared memory of its own
    public static void watchProcess(long pid) {
        PROCESSES.add(pid);
    }

    /// @return what there is now
    /// @throws IOException `/proc` cannot be read
    public static Leftovers now() throws IOException {
        Set<String> all = new TreeSet<>();
        mounts().forEach(mount -> all.add("mount " + mount));
        ProcessHandle.current()
                .descendants()
                .forEach(process -> all.add("process " + process.pid() + " "
                        + process.info().commandLine().orElse("that has ended")));
        addThreads(all);
        addDescriptors(all);
        addSharedMemory(all);
        return new Leftovers(all, Leftovers::now);
    }

    /// Only the mappings of shared memory: a test's own fields may hold them, so they are looked at when its class is
    /// done.
    ///
    /// @return what there is now
    /// @throws IOException `/proc` cannot be read
    public static Leftovers mappingsNow() throws IOException {
        return new Leftovers(
                lines("maps").filter(line -> line.contains("/relayfs-")).collect(Collectors.toSet()),
                Leftovers::mappingsNow);
    }

    private static Stream<String> lines(String file) throws IOException {
        // Read as a whole, as it is in procfs: a file without a size.
        return Files.readString(Path.of("/proc/self", file)).lines();
    }

    private static Set<String> mounts() throws IOException {
        return lines("mountinfo")
                .map(line -> line.split(" ")[4])
                .filter(MOUNT_POINTS::contains)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The JDK's own threads, for child processes and the like, are in groups of their own.
    private static void addThreads(Set<String> all) {
        ThreadGroup own = Thread.currentThread().getThreadGroup();
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getThreadGroup() == own || thread.getName().startsWith("relayfs"))
                .filter(thread -> !FOREIGN_THREADS.contains(thread.getName()))
                .forEach(thread -> all.add("thread " + thread.threadId() + " " + thread.getName()));
    }

    /// Jars and sources of random numbers are opened when they are first needed, and stay so.
    private static void addDescriptors(Set<String> all) throws IOException {
        for (Path descriptor : children(Path.of("/proc/self/fd"))) {
            try {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (!target.endsWith(".jar") && !target.endsWith("random") && !target.matches("/proc/[0-9]+/fd")) {
                    all.add("descriptor " + descriptor.getFileName() + " " + target);
                }
            } catch (NoSuchFileException e) {
                // Closed since it was listed.
            }
        }
    }

    private static void addSharedMemory(Set<String> all) throws IOException {
        for (Path folder : children(SharedFolder.ofUser(SharedFolder.userId()))) {
            String name = folder.getFileName().toString();
            if (isOfOurs(name)) {
                children(folder).forEach(file -> all.add("file " + file));
                all.add("file " + folder);
            }
        }
    }

    // Pids are used again: a folder that a process older than this one has left is not ours, whoever has its pid now.
    private static boolean isOfOurs(String folder) throws IOException {
        String[] owner = folder.split("-");
        return PROCESSES.contains(Long.parseLong(owner[0]))
                && Long.parseLong(owner[1]) >= ProcessIdentity.current().start();
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /// Waits until there is no more than this; then ends and unmounts what does not go away. Memory is unmapped when
    /// nobody can reach it any more, so the garbage is collected, too.
    ///
    /// @return what there is too much
    /// @throws IOException          `/proc` cannot be read
    /// @throws InterruptedException the test is ended
    public Set<String> awaitNothingMore() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        Set<String> left = more();
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            System.gc();
            Thread.sleep(PAUSE_MS);
            left = more();
        }
        if (!left.isEmpty()) {
            removeMore();
        }
        return left;
    }

    private Set<String> more() throws IOException {
        Set<String> more = look.now().all;
        more.removeAll(all);
        return more;
    }

    private void removeMore() throws IOException, InterruptedException {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        for (String mount : mounts()) {
            if (!all.contains("mount " + mount)) {
                try (Client umount = Client.start("umount", "-l", mount)) {
                    umount.awaitEnd();
                }
            }
        }
    }
}
