package org.relayfs.tree;

import java.util.List;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The names that a directory cannot have, because a file has them or may get them.
final class ReservedNames {
    private ReservedNames() {}

    /// @param parent the directory that would hold it
    static boolean isReserved(Directory parent, String name) {
        return isControlFile(parent.parent() == null ? 0 : 1, name) || isRelayFile(parent.slot(), name);
    }

    /// @param depth 0 in the root, more below it
    static boolean isControlFile(int depth, String name) {
        return (depth == 0 ? RootFiles.NAMES : ChannelFiles.NAMES).contains(name);
    }

    /// Refuses a channel name that leads to or through a file.
    static void requireFree(Directory root, List<String> components) throws ErrnoException {
        Directory directory = root;
        for (int i = 0; i < components.size(); i++) {
            String name = components.get(i);
            boolean taken = directory == null ? isControlFile(i, name) : isReserved(directory, name);
            if (taken) {
                boolean last = i == components.size() - 1;
                throw new ErrnoException(
                        last ? Errno.EEXIST : Errno.ENOTDIR,
                        "name: value=\"" + name + "\" is the name of a file there; choose another");
            }
            directory = directory == null ? null : directory.subdirectories().get(name);
        }
    }

    /// A subdirectory may have taken the name of a relay file while there was none.
    static void requireFreeFiles(Directory directory, String base) throws ErrnoException {
        for (String name : directory.subdirectories().keySet()) {
            if (RelayFiles.isFileOfBase(base, name)) {
                throw new ErrnoException(
                        Errno.EEXIST,
                        "subdirectory: value=\"" + name + "\" has the name of a relay file with base=" + base
                                + "; remove it, or create with another base");
            }
        }
    }

    private static boolean isRelayFile(ChannelSlot slot, String name) {
        if (slot == null) {
            return false;
        }
        ChannelLife life = slot.life();
        return RelayFiles.isFileOfBase(slot.settings().baseName(), name)
                || (life != null && life.files().containsKey(name));
    }
}
