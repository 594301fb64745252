package org.relayfs.tree.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The information in procfs about the thread that made a system call, while it waits for the answer.
public final class CallerThread {
    private static final int UNKNOWN = -1;

    /// `processor` is field 39 of `stat`; the fields after the command's closing parenthesis start with number 3.
    private static final int PROCESSOR_INDEX = 39 - 3;

    /// A thread can be in 65,536 groups, each a number of up to 10 digits.
    private static final int LONGEST_STATUS = 1 << 20;

    private CallerThread() {}

    /// {@return the CPU that the thread ran on last, or -1 when that cannot be known (an id of another pid namespace,
    ///         a hidden procfs)}
    ///
    /// @param caller the thread
    public static int cpu(Caller caller) {
        return caller.pid() <= 0 ? UNKNOWN : parseProcessor(read(caller, "stat"));
    }

    /// @return true when `gid` is the thread's group or one of its supplementary groups
    static boolean isMember(Caller caller, int gid) {
        return caller.gid() == gid || (caller.pid() > 0 && hasGroup(read(caller, "status"), gid));
    }

    static int parseProcessor(String stat) {
        int commandEnd = stat.lastIndexOf(')');
        if (commandEnd < 0) {
            return UNKNOWN;
        }
        String[] fields = stat.substring(commandEnd + 1).strip().split(" ");
        if (fields.length <= PROCESSOR_INDEX) {
            return UNKNOWN;
        }
        try {
            return Integer.parseInt(fields[PROCESSOR_INDEX]);
        } catch (NumberFormatException notANumber) {
            return UNKNOWN;
        }
    }

    static boolean hasGroup(String status, int gid) {
        String wanted = Integer.toUnsignedString(gid);
        return status.lines()
                .filter(line -> line.startsWith("Groups:"))
                .flatMap(line ->
                        Arrays.stream(line.substring("Groups:".length()).strip().split("\\s+")))
                .anyMatch(wanted::equals);
    }

    /// `/proc/TID` exists for every thread, though only processes are listed.
    private static String read(Caller caller, String file) {
        try (InputStream in = Files.newInputStream(Path.of("/proc", Integer.toString(caller.pid()), file))) {
            return new String(in.readNBytes(LONGEST_STATUS), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
