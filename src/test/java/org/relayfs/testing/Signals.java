package org.relayfs.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Programs under test heed the signals that end them also when this JVM ignores some, as a job does that was started
/// with `nohup` or, in a script, with `&`: what is ignored stays so in every program that is started. Field case 28.
public final class Signals {
    /// Signals 1, 2 and 3.
    private static final List<String> ENDING = List.of("HUP", "INT", "QUIT");

    private static final List<String> IGNORED = ignored();

    private Signals() {}

    /// @param command a program and its arguments
    /// @return what starts it so that it heeds all signals, with the same process id
    public static List<String> heeded(List<String> command) {
        if (IGNORED.isEmpty()) {
            return command;
        }
        List<String> heeding = new ArrayList<>(List.of("env", "--default-signal=" + String.join(",", IGNORED)));
        heeding.addAll(command);
        return heeding;
    }

    private static List<String> ignored() {
        long mask = ignoredMask();
        return IntStream.range(0, ENDING.size())
                .filter(bit -> (mask >> bit & 1) == 1)
                .mapToObj(ENDING::get)
                .toList();
    }

    /// A bit a signal, from the lowest.
    private static long ignoredMask() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
