package org.relayfs.tree;

import org.relayfs.linux.Errno;
/// A control file: its attributes, what it holds and what writing to it does. Thread-safe when content and action are.

final class ControlFileNode implements ControlFile {
    private final DirectoryNode directory;
    private final String path;
    private final NodeStatus status;
    private final ControlContent content;
    private final ControlAction action;

    /// @param content what a read returns, or null when the file cannot be read
    /// @param action  what a write does, or null when the file cannot be written
    ControlFileNode(
            DirectoryNode directory, String path, NodeStatus status, ControlContent content, ControlAction action) {
        this.directory = directory;
        this.path = path;
        this.status = status;
        this.content = content;
        this.action = action;
    }

    /// Size 0, as in procfs: it makes programs read until the end instead of trusting a length.
    @Override
    public Attributes attributes() {
        return status.attributes();
    }

    @Override
    public OpenControlFile open(int flags, Caller caller) throws ErrnoException {
        int wanted = Permission.ofOpen(flags);
        directory.requireSearch(caller);
        Permission.require(status.attributes(), wanted, caller, path);
        boolean reads = (wanted & Permission.READ) != 0;
        boolean writes = (wanted & Permission.WRITE) != 0;
        if ((reads && content == null) || (writes && action == null)) {
            throw new ErrnoException(
                    Errno.EACCES, path + ": cannot be " + (writes && action == null ? "written" : "read"));
        }
        return new OpenContent(status, reads ? content : null, writes ? action : null);
    }

    void setAttributes(AttributeChange change, Caller caller) throws ErrnoException {
        directory.requireSearch(caller);
        Permission.requireChange(status.attributes(), change, caller, path);
        if (change.size() != null) {
            checkSize(change.size());
        }
        status.change(change);
    }

    /// Shells open with O_TRUNC, so 0 must be accepted; it changes nothing.
    private void checkSize(long size) throws ErrnoException {
        if (action == null) {
            throw new ErrnoException(Errno.EACCES, path + ": cannot be written");
        }
        if (size != 0) {
            throw new ErrnoException(Errno.EINVAL, "size of " + path + ": value=" + size + ", limit=0");
        }
    }
}
