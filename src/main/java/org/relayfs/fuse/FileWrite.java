package org.relayfs.fuse;

import java.nio.charset.StandardCharsets;

/// One `write(2)` on a file of the program.
///
/// @param bytes what was written: at most 64 KiB
/// @param uid   user who writes
/// @param gid   group who writes
/// @param pid   the thread that writes, as the kernel numbers it (a process with one thread has the same
///              number); 0 when it is in a pid namespace that the mount does not see
public record FileWrite(byte[] bytes, int uid, int gid, int pid) {
    /// What was written, as a shell's `echo` does it.
    ///
    /// @return the bytes as UTF-8, without one newline at the end
    public String text() {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
