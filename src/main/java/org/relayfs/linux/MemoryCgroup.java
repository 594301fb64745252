package org.relayfs.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The control group that bounds the memory of this process, of version 1 or 2. Shared memory counts: whoever takes
/// more
/// than the group has is killed.
///
/// @param folder of the group
/// @param limit  in bytes
/// @param left   of it, page cache that can be given up included
public record MemoryCgroup(Path folder, long limit, long left) {
    private static final Path SELF = Path.of("/proc/self/cgroup");
    private static final Path UNIFIED = Path.of("/sys/fs/cgroup");
    private static final Path VERSION_1 = UNIFIED.resolve("memory");

    /// A larger limit is none.
    private static final long NO_LIMIT = 1L << 60;

    private record Names(Path root, String limit, String usage, String cachePrefix) {}

    private static final Names VERSION_2_NAMES = new Names(UNIFIED, "memory.max", "memory.current", "");
    private static final Names VERSION_1_NAMES =
            new Names(VERSION_1, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_");

    /// {@return the group, of those that this process is in, that has least left; empty when there is no limit}
    public static Optional<MemoryCgroup> tightest() {
        try {
            MemoryCgroup tightest = null;
            for (String line : lines(SELF)) {
                for (MemoryCgroup group : groups(line)) {
                    tightest = tightest == null || group.left < tightest.left ? group : tightest;
                }
            }
            return Optional.ofNullable(tightest);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    // `ID:CONTROLLERS:PATH`. In a container the path may be that of the host: then the root is the container's.
    private static List<MemoryCgroup> groups(String line) {
        String[] fields = line.split(":", 3);
        if (fields.length < 3) {
            return List.of();
        }
        boolean unified = fields[1].isEmpty();
        if (!unified && !List.of(fields[1].split(",")).contains("memory")) {
            return List.of();
        }
        Names names = unified ? VERSION_2_NAMES : VERSION_1_NAMES;
        List<MemoryCgroup> groups = new ArrayList<>();
        Path folder = Path.of(names.root + "/" + fields[2]).normalize();
        while (folder.startsWith(names.root)) {
            read(folder, names).ifPresent(groups::add);
            folder = folder.getParent();
        }
        return groups;
    }

    private static Optional<MemoryCgroup> read(Path folder, Names names) {
        try {
            String text = lines(folder.resolve(names.limit)).getFirst();
            long limit = text.equals("max") ? NO_LIMIT : Long.parseLong(text);
            if (limit >= NO_LIMIT) {
                return Optional.empty();
            }
            long usage = Long.parseLong(lines(folder.resolve(names.usage)).getFirst());
            long left = limit - usage + cache(folder, names.cachePrefix);
            return Optional.of(new MemoryCgroup(folder, limit, Math.clamp(left, 0, limit)));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static long cache(Path folder, String prefix) throws IOException {
        long bytes = 0;
        for (String line : lines(folder.resolve("memory.stat"))) {
            if (line.startsWith(prefix + "inactive_file ") || line.startsWith(prefix + "active_file ")) {
                bytes += Long.parseLong(line.substring(line.indexOf(' ') + 1));
            }
        }
        return bytes;
    }

    private static List<String> lines(Path file) throws IOException {
        // Paths are bytes.
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }
}
