package org.relayfs.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The user who runs this process, by its effective ids. It takes no native call: linking one costs a short command
/// more than all else that it does.
public final class CurrentUser {
    private static final Path STATUS = Path.of("/proc/self/status");

    /// After the key: real, effective, saved, of the file system.
    private static final int EFFECTIVE_FIELD = 2;

    private CurrentUser() {}

    /// {@return the user id}
    public static int uid() {
        return id("Uid:");
    }

    /// {@return the group id}
    public static int gid() {
        return id("Gid:");
    }

    /// {@return true when this process acts as root}
    public static boolean isRoot() {
        return uid() == 0;
    }

    /// The owner of /proc/self would be root's after a change of user, which makes a process undumpable.
    private static int id(String key) {
        try {
            String status = new String(Files.readAllBytes(STATUS), StandardCharsets.ISO_8859_1);
            for (String line : status.split("\n")) {
                if (line.startsWith(key)) {
                    return Integer.parseUnsignedInt(line.split("\t")[EFFECTIVE_FIELD]);
                }
            }
            throw new IOException(STATUS + " has no " + key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
