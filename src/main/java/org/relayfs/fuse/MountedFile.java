package org.relayfs.fuse;

import org.relayfs.tree.ProgramEntries;
import org.relayfs.tree.ProgramFile;

/// A file that the program has put into its mount, see [MountFiles#file]. Any thread may call any method,
/// handlers of the file, too.
public final class MountedFile implements AutoCloseable {
    private final ProgramEntries entries;
    private final ProgramFile file;

    MountedFile(ProgramEntries entries, ProgramFile file) {
        this.entries = entries;
        this.file = file;
    }

    /// {@return where it is, or was: an absolute path inside the mount}
    public String path() {
        return file.path();
    }

    /// {@return true until it is removed, by [#close], with its directory, or with the mount}
    public boolean isPresent() {
        return file.isPresent();
    }

    /// Says that its content is another one. As in sysfs, everybody who polls for POLLPRI is woken, and poll
    /// reports POLLPRI and POLLERR on each descriptor until the file is read from its start. Never waits;
    /// harmless when the file is gone.
    public void notifyChanged() {
        file.change();
    }

    /// Removes it. No handler is called any more once this has returned; one that runs is not waited for. Who
    /// has the file open gets ENODEV, and pollers are woken with POLLHUP. Harmless when repeated, when the
    /// file is gone already, and after the end of the mount.
    @Override
    public void close() {
        entries.remove(file);
    }
}
