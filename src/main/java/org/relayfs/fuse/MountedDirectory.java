package org.relayfs.fuse;

import org.relayfs.tree.Directory;
import org.relayfs.tree.ProgramEntries;

/// A directory that the program has put into its mount, see [MountFiles#directory]. Any thread may call any
/// method.
public final class MountedDirectory implements AutoCloseable {
    private final ProgramEntries entries;
    private final Directory directory;

    MountedDirectory(ProgramEntries entries, Directory directory) {
        this.entries = entries;
        this.directory = directory;
    }

    /// {@return where it is, or was: an absolute path inside the mount}
    public String path() {
        return directory.path();
    }

    /// Removes it. While channels, or other directories of the program, are in it, it remains until the last
    /// of them is gone, as a directory that was made for them. Harmless when repeated, and after the end of
    /// the mount.
    @Override
    public void close() {
        entries.letGo(directory);
    }
}
