package org.relayfs.tree;

import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.NodeStatus;
import org.relayfs.tree.access.Permission;
import org.relayfs.tree.handler.HandledFile;

/// A file whose content is generated when it is read and whose writes are commands.
public final class ControlFile implements Node {
    private final String path;
    private final NodeStatus status;
    private volatile ControlContent content;
    private volatile ControlAction action;
    private final ErrorLog errorLog;
    private final HandledFile handled;

    /// @param content  what a read returns, or null when the file cannot be read
    /// @param action   what a write does, or null when the file cannot be written
    /// @param errorLog for writes that do not come to the action
    ControlFile(String path, NodeStatus status, ControlContent content, ControlAction action, ErrorLog errorLog) {
        this(path, status, content, action, errorLog, null);
    }

    /// A file of the program's own.
    ///
    /// @param content  what a read returns, or null when the file cannot be read
    /// @param action   what a write does, or null when the file cannot be written
    /// @param errorLog for writes that do not come to the action
    /// @param handled  where both run; null: in the caller's thread, because they wait for nothing
    ControlFile(
            String path,
            NodeStatus status,
            ControlContent content,
            ControlAction action,
            ErrorLog errorLog,
            HandledFile handled) {
        this.handled = handled;
        this.errorLog = errorLog;
        this.path = path;
        this.status = status;
        this.content = content;
        this.action = action;
    }

    @Override
    public String path() {
        return path;
    }

    /// Size 0, as in procfs: it makes programs read until the end instead of trusting a length.
    @Override
    public Attributes attributes() {
        return status.attributes();
    }

    /// `open(2)`.
    ///
    /// @param flags  of the system call (Linux numbers)
    /// @param caller who opens it
    /// @return the open file
    /// @throws ErrnoException EACCES: the caller may not, or nobody can
    public OpenControlFile open(int flags, Caller caller) throws ErrnoException {
        int wanted = Permission.ofOpen(flags);
        Permission.require(status.attributes(), wanted, caller, path);
        boolean reads = (wanted & Permission.READ) != 0;
        boolean writes = (wanted & Permission.WRITE) != 0;
        ControlContent present = content;
        ControlAction effect = action;
        if ((reads && present == null) || (writes && effect == null)) {
            throw new ErrnoException(
                    Errno.EACCES, path + ": cannot be " + (writes && effect == null ? "written" : "read"));
        }
        return new OpenControlFile(path, status, reads ? present : null, writes ? effect : null, errorLog, handled);
    }

    NodeStatus status() {
        return status;
    }

    /// It is gone, and lets go of what it is about: the kernel may know its name for as long as it likes. What is
    /// open goes on.
    void letGo() {
        content = null;
        action = null;
    }

    /// @return what makes it the program's, or null
    HandledFile handled() {
        return handled;
    }

    @Override
    public void setAttributes(AttributeChange change, Caller caller) throws ErrnoException {
        if (change.size() != null) {
            Permission.checked(status.attributes(), change, caller, path);
            checkSize(change.size());
        }
        status.change(change, caller, path);
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
