package org.relayfs.tree;

/// The names that a directory cannot have, because a control file has them or may get them.
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

    private static boolean isRelayFile(ChannelSlot slot, String name) {
        if (slot == null) {
            return false;
        }
        ChannelLife life = slot.life();
        return RelayFiles.isFileOfBase(slot.settings().baseName(), name)
                || (life != null && life.files().containsKey(name));
    }
}
