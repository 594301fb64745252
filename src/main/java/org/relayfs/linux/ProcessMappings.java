package org.relayfs.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What another process has mapped, as procfs tells.
public final class ProcessMappings {
    private static final int COLUMNS = 6;
    private static final int INODE = 4;
    private static final int PATH = 5;

    private ProcessMappings() {}

    /// {@return true if a process has a file mapped; false also if that cannot be known}
    ///
    /// @param thread id of one of its threads
    /// @param inode  number of the file
    /// @param name   of the file, without the directory; another file system may have the same number
    public static boolean contain(int thread, long inode, String name) {
        if (thread <= 0) {
            return false;
        }
        Path maps = Path.of("/proc", Integer.toString(thread), "maps");
        try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> isOf(line, Long.toString(inode), "/" + name));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    // 7f0b7c000000-7f0b7c004000 r--s 00000000 00:35 12    /mnt/relay/app/cpu0
    private static boolean isOf(String line, String inode, String end) {
        String[] columns = line.split(" +", COLUMNS);
        return columns.length == COLUMNS
                && columns[INODE].equals(inode)
                && columns[PATH].replace(" (deleted)", "").endsWith(end);
    }
}
