package org.relayfs.tree;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.handler.HandlerLimits;

/// The directories and files of the program that serves the mount: it makes them, and nobody else removes
/// them, except that a file goes with the directory of its channel. Thread-safe.
public final class ProgramEntries {
    private final Directories directories;
    private final HandlerLimits limits;
    private final ProgramSpace space;
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean ended;

    ProgramEntries(Directories directories, HandlerLimits limits, ProgramSpace space) {
        this.directories = directories;
        this.limits = limits;
        this.space = space;
    }

    /// Makes a directory, with those above it that are missing. These go with the last that is in them, this
    /// one when the program lets it go.
    ///
    /// @param path where
    /// @param mode permission bits
    /// @return the directory
    /// @throws ErrnoException EEXIST: there is such a directory of a channel or of the program; EEXIST,
    ///                        ENOTDIR: there is, or may be, a file of one of these names; ENOSPC: there are
    ///                        too many
    public Directory hold(ChannelName path, int mode) throws ErrnoException {
        List<String> components = path.components();
        ReservedNames.requireFree(directories.root(), components);
        take();
        try {
            return directories.hold(components, mode);
        } catch (ErrnoException refused) {
            count.decrementAndGet();
            throw refused;
        }
    }

    /// Lets a directory go: the program's files in it are gone at once, it itself as soon as nothing else is
    /// in it. Harmless when repeated.
    ///
    /// @param directory that was made here
    public void letGo(Directory directory) {
        if (directories.letGo(directory)) {
            count.decrementAndGet();
        }
    }

    /// Makes a file. It goes with its directory.
    ///
    /// @param path     where; the directory is there
    /// @param mode     permission bits
    /// @param handlers what reads and writes do
    /// @return the file
    /// @throws ErrnoException ENOENT: no such directory; EEXIST: the name is taken, or may be; ENOSPC: there
    ///                        are too many
    public ProgramFile makeFile(ChannelName path, int mode, ProgramHandlers handlers) throws ErrnoException {
        List<String> components = path.components();
        List<String> above = components.subList(0, components.size() - 1);
        String name = components.getLast();
        Directory directory = directories.find(above);
        if (directory == null) {
            throw new ErrnoException(
                    Errno.ENOENT,
                    "directory: value=\"" + String.join("/", above)
                            + "\" is not there; make it first, or open its channel");
        }
        if (ReservedNames.isTakenForFile(directory, name)) {
            throw Directories.taken(name);
        }
        take();
        ProgramFile file = new ProgramFile(directory, name, mode, handlers, space, count::decrementAndGet);
        try {
            directories.addGuest(directory, name, file.node());
        } catch (ErrnoException refused) {
            file.node().handled().remove();
            throw refused;
        }
        return file;
    }

    /// Removes a file. Harmless when repeated, and when it has gone with its directory.
    ///
    /// @param file that was made here
    public void remove(ProgramFile file) {
        directories.removeGuest(file.directory(), file.name(), file.node());
        file.node().handled().remove();
    }

    /// Nobody waits for a handler any more, and none is asked again. Harmless when repeated.
    public void end() {
        ended = true;
        space.threads().close();
    }

    private void take() throws ErrnoException {
        if (ended) {
            throw new ErrnoException(Errno.ESHUTDOWN, "the mount has ended");
        }
        if (count.incrementAndGet() > limits.maxFiles()) {
            count.decrementAndGet();
            throw new ErrnoException(
                    Errno.ENOSPC,
                    "files and directories of the program: count=" + limits.maxFiles() + ", limit=" + limits.maxFiles()
                            + "; close some, or mount with more (MountOptions.withMaxFiles)");
        }
    }
}
