package org.relayfs.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs under test heed SIGINT also when this JVM ignores it, as a job that a script starts with `&` does: what is
/// ignored stays so in every program that is started. Field case 28.
public final class Interrupts {
    private static final boolean IGNORED = areIgnored();

    private Interrupts() {}

    /// @param command a program and its arguments
    /// @return what starts it so that it heeds SIGINT, with the same process id
    public static List<String> heeded(List<String> command) {
        if (!IGNORED) {
            return command;
        }
        List<String> heeding = new ArrayList<>(List.of("env", "--default-signal=INT"));
        heeding.addAll(command);
        return heeding;
    }

    private static boolean areIgnored() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
