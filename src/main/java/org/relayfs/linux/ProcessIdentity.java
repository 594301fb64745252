package org.relayfs.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A process, distinguished from a later one with the same pid by its start time.
///
/// @param pid   process id
/// @param start start time in clock ticks since boot
public record ProcessIdentity(long pid, long start) {
    private static final int STATE_FIELD = 0;
    private static final int THREADS_FIELD = 17;
    private static final int START_FIELD = 19;

    private static volatile ProcessIdentity self;

    /// {@return this process}
    ///
    /// @throws IOException /proc is not there
    public static ProcessIdentity current() throws IOException {
        ProcessIdentity known = self;
        if (known == null) {
            long pid = ProcessHandle.current().pid();
            known = new ProcessIdentity(pid, Long.parseLong(statFields(pid)[START_FIELD]));
            self = known;
        }
        return known;
    }

    /// {@return the process that has that pid now; empty when there is none}
    ///
    /// @param pid process id
    public static Optional<ProcessIdentity> of(long pid) {
        try {
            return Optional.of(new ProcessIdentity(pid, Long.parseLong(statFields(pid)[START_FIELD])));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// {@return true while the process can still run; a zombie cannot}
    public boolean isAlive() {
        try {
            String[] fields = statFields(pid);
            return Long.parseLong(fields[START_FIELD]) == start && canRun(fields);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            // ESRCH while it goes away; anything else would be no proof of death.
            return Files.exists(Path.of("/proc", Long.toString(pid)));
        }
    }

    // A zombie whose first thread has ended goes on with the others.
    static boolean canRun(String... fields) {
        char state = fields[STATE_FIELD].charAt(0);
        return state != 'X' && (state != 'Z' || Integer.parseInt(fields[THREADS_FIELD]) > 1);
    }

    // The second field, the name, may hold anything; the rest begins after its last parenthesis.
    private static String[] statFields(long pid) throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat"));
        // The name is whatever bytes the process likes, and cut after the 15th.
        String stat = new String(bytes, StandardCharsets.ISO_8859_1);
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }
}
