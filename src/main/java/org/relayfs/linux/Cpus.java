package org.relayfs.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The CPUs of the machine. Numbers may have gaps.
///
/// @param online   numbers of the CPUs online, ascending
/// @param possible how many numbers there can be: one more than the highest
public record Cpus(List<Integer> online, int possible) {
    /// The maximum number of CPUs for which a channel can have buffers.
    public static final int MAX_CPUS = 1024;

    private static final Path SYSTEM_CPUS = Path.of("/sys/devices/system/cpu");

    /// Checks the numbers.
    ///
    /// @param online   numbers of the CPUs online, ascending
    /// @param possible one more than the highest number there can be
    public Cpus {
        online = List.copyOf(online);
        if (online.isEmpty() || possible < 1 || possible > MAX_CPUS || online.getLast() >= possible) {
            throw new IllegalArgumentException(
                    "CPUs: online=" + online + ", possible=" + possible + ", limit=1.." + MAX_CPUS);
        }
    }

    /// {@return the CPUs as they are now}
    ///
    /// @throws IOException the system does not tell
    public static Cpus ofSystem() throws IOException {
        List<Integer> online = read("online");
        List<Integer> possible = read("possible");
        int count = Math.max(online.getLast(), possible.getLast()) + 1;
        return new Cpus(online.stream().filter(cpu -> cpu < MAX_CPUS).toList(), Math.min(count, MAX_CPUS));
    }

    private static List<Integer> read(String name) throws IOException {
        try {
            return parse(Files.readString(SYSTEM_CPUS.resolve(name)));
        } catch (NoSuchFileException e) {
            throw new IOException(
                    SYSTEM_CPUS.resolve(name) + ": cannot be read; mount sysfs: mount -t sysfs sysfs /sys", e);
        }
    }

    /// {@return the numbers, ascending}
    ///
    /// @param list as the kernel prints it: `0-3,5,8-9`
    static List<Integer> parse(String list) {
        List<Integer> numbers = new ArrayList<>();
        for (String range : list.strip().split(",")) {
            String[] ends = range.split("-");
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int cpu = Integer.parseInt(ends[0]); cpu <= last; cpu++) {
                numbers.add(cpu);
            }
        }
        return numbers;
    }
}
