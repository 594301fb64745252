package org.relayfs.tree;

import java.util.Objects;
import org.relayfs.Relay;

/// The names of a mount: directories, control files and relay files, and what creating, writing and removing them does.
/// It knows nothing of FUSE. Thread-safe.
public final class RelayTree implements AutoCloseable {
    private final Relay relay;

    /// @param relay   owner of the channels; the tree shows all of them and creates new ones in it
    /// @param options who owns the files, quotas and what `version` shows
    public RelayTree(Relay relay, TreeOptions options) {
        this.relay = Objects.requireNonNull(relay);
        Objects.requireNonNull(options);
    }

    /// @param path absolute path inside the mount, `/` for the root
    /// @return the node
    /// @throws ErrnoException ENOENT, ENOTDIR, ENAMETOOLONG
    public Node resolve(String path) throws ErrnoException {
        throw new UnsupportedOperationException(path + relay);
    }

    /// `mkdir(2)`: makes a channel directory whose channel is not created yet.
    ///
    /// @param path   absolute path inside the mount
    /// @param mode   permission bits asked for
    /// @param caller who asks; owns the directory
    /// @throws ErrnoException EEXIST, EINVAL (name), ENAMETOOLONG, ENOENT, ENOTDIR
    public void makeDirectory(String path, int mode, Caller caller) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /// `rmdir(2)`: destroys the channel and removes the directory with its control files.
    ///
    /// @param path   absolute path inside the mount
    /// @param caller who asks
    /// @throws ErrnoException ENOENT, ENOTDIR, EBUSY when it has subdirectories or is the root
    public void removeDirectory(String path, Caller caller) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /// Changes attributes. Of the sizes, 0 is accepted on writable control files and changes nothing.
    ///
    /// @param path   absolute path inside the mount
    /// @param change what to change
    /// @param caller who asks
    /// @throws ErrnoException ENOENT, EPERM, EACCES, EINVAL, EISDIR
    public void setAttributes(String path, AttributeChange change, Caller caller) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
