package org.relayfs.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The shared memory that dead processes of this user have left behind.
///
/// @param home    the folder of the user
/// @param folders how many owners
/// @param bytes   of their memory
public record Leftovers(Path home, int folders, long bytes) {
    private static final long KIB = 1024;
    private static final long MIB = KIB * KIB;

    /// Looks for them.
    ///
    /// @return what there is; empty when there is nothing, or nothing can be seen
    public static Optional<Leftovers> ofThisUser() {
        int folders = 0;
        long bytes = 0;
        try {
            for (OwnerFolder folder : OwnerFolder.list(false)) {
                // Most are of the living, which is easily seen; only the lock needs native calls.
                if (!folder.owner().isAlive() && folder.isLeftBehind()) {
                    folders++;
                    bytes += folder.size();
                }
            }
            return folders == 0
                    ? Optional.empty()
                    : Optional.of(new Leftovers(SharedFolder.ofUser(SharedFolder.userId()), folders, bytes));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// What they are, and what removes them.
    ///
    /// @return a sentence without its period
    public String hint() {
        String size = bytes >= MIB ? bytes / MIB + " MiB" : (bytes + KIB - 1) / KIB + " KiB";
        return "dead processes have left " + size + " in " + folders + (folders == 1 ? " folder" : " folders") + " of "
                + home
                + "; relayfs mount --adopt takes their channels over, relayfs recover saves their records, relayfs"
                + " clean removes them";
    }
}
