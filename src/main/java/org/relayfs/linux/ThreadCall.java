package org.relayfs.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The way in which a thread reads or writes, as procfs tells while its system call waits.
public enum ThreadCall {
    /// Where its descriptor is: `read`, `write`.
    SEQUENTIAL,
    /// At an offset that it names: `pread`, `pwrite`.
    POSITIONED,
    /// It cannot be known: another call, another pid namespace, a procfs that hides it.
    UNKNOWN;

    private static final int LONGEST = 256;
    private static final int OFFSET_INDEX = 4;
    private static final String NO_OFFSET = "0xffffffffffffffff";

    /// {@return how it reads or writes}
    ///
    /// @param thread its id
    public static ThreadCall of(int thread) {
        if (thread <= 0) {
            return UNKNOWN;
        }
        try (InputStream in = Files.newInputStream(Path.of("/proc", Integer.toString(thread), "syscall"))) {
            return parse(new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII), Architecture.CURRENT);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /// @param line the number of the call, its arguments and two addresses; or `running`
    static ThreadCall parse(String line, Architecture architecture) {
        String[] words = line.split(" ");
        int number = words[0].matches("\\d{1,4}") ? Integer.parseInt(words[0]) : -1;
        if (architecture.sequentialCalls.contains(number)) {
            return SEQUENTIAL;
        }
        if (architecture.positionedCalls.contains(number)) {
            return POSITIONED;
        }
        if (architecture.optionallyPositionedCalls.contains(number) && words.length > OFFSET_INDEX) {
            return words[OFFSET_INDEX].equals(NO_OFFSET) ? SEQUENTIAL : POSITIONED;
        }
        return UNKNOWN;
    }
}
