package org.relayfs.robustness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.relayfs.testing.Client;

/// What a daemon holds at one moment.
///
/// @param heapKib     live objects, after a collection
/// @param privateKib  its memory, shared memory not counted
/// @param mappedKib   shared memory that is mapped
/// @param threads     of ours
/// @param descriptors open files, jars not counted
record DaemonSample(long heapKib, long privateKib, long mappedKib, int threads, int descriptors) {
    private static final int MOST_LOOKS = 30;
    private static final int SAME_LOOKS = 2;
    private static final long PAUSE_MS = 100;

    /// Memory is unmapped and nodes are forgotten a little after the last one who has used them: looks until that is
    /// over.
    static DaemonSample settled(Daemon daemon) throws Exception {
        DaemonSample sample = of(daemon);
        int same = 0;
        for (int i = 0; i < MOST_LOOKS && same < SAME_LOOKS; i++) {
            Thread.sleep(PAUSE_MS);
            DaemonSample next = of(daemon);
            same = next.mappedKib == sample.mappedKib && next.descriptors == sample.descriptors ? same + 1 : 0;
            sample = next;
        }
        return sample;
    }

    private static DaemonSample of(Daemon daemon) throws Exception {
        Path process = Path.of("/proc", Long.toString(daemon.process().pid()));
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        long heap;
        try (Client histogram =
                Client.start(jcmd, Long.toString(daemon.process().pid()), "GC.class_histogram")) {
            String total =
                    histogram.awaitSuccess().output().strip().lines().toList().getLast();
            heap = Long.parseLong(total.strip().split("\\s+")[2]);
        }
        return new DaemonSample(
                heap >> 10, status(process, "RssAnon:"), mapped(process) >> 10, threads(process), descriptors(process));
    }

    private static long status(Path process, String key) throws IOException {
        return Files.readString(process.resolve("status"))
                .lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
                .sum();
    }

    private static long mapped(Path process) throws IOException {
        return Files.readString(process.resolve("maps"))
                .lines()
                .filter(line -> line.contains("/dev/shm/relayfs-"))
                .map(line -> line.split("[- ]"))
                .mapToLong(words -> Long.parseLong(words[1], 16) - Long.parseLong(words[0], 16))
                .sum();
    }

    private static int threads(Path process) throws IOException {
        int count = 0;
        for (Path thread : children(process.resolve("task"))) {
            try {
                count += Files.readString(thread.resolve("comm")).startsWith("relayfs") ? 1 : 0;
            } catch (IOException e) {
                // It has ended meanwhile.
            }
        }
        return count;
    }

    private static int descriptors(Path process) throws IOException {
        int count = 0;
        for (Path descriptor : children(process.resolve("fd"))) {
            try {
                count += Files.readSymbolicLink(descriptor).toString().endsWith(".jar") ? 0 : 1;
            } catch (NoSuchFileException e) {
                // It was closed meanwhile.
            }
        }
        return count;
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
