package org.relayfs.tree;

import java.nio.ByteBuffer;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.handler.HandledFile;

/// A control file of the program's own, as its maker holds it: the node in the tree, with handlers that
/// cannot do any harm. Thread-safe.
public final class ProgramFile {
    /// The longest content.
    static final int MAX_CONTENT = 1 << 20;

    /// The longest write; as long as that of `control`.
    public static final int MAX_WRITE = 64 << 10;

    private final Directory directory;
    private final String name;
    private final HandledFile handled;
    private final ProgramFailures failures;
    private final ControlFile node;

    /// @param whenRemoved is called once; waits for nothing
    ProgramFile(
            Directory directory,
            String name,
            int mode,
            ProgramHandlers handlers,
            ProgramSpace space,
            Runnable whenRemoved) {
        this.directory = directory;
        this.name = name;
        String path = directory.pathOf(name);
        ErrorLog errorLog = space.errorLog();
        failures = new ProgramFailures(path, errorLog);
        handled = new HandledFile(space.threads(), failures, whenRemoved);
        ProgramHandlers.Content content = handlers.content();
        ProgramHandlers.Action action = handlers.action();
        node = new ControlFile(
                path,
                space.inodes().newFile(directory, mode),
                content == null ? null : () -> make(content),
                action == null ? null : errorLog.watching(path, (source, caller) -> write(action, source, caller)),
                errorLog,
                handled);
    }

    Directory directory() {
        return directory;
    }

    String name() {
        return name;
    }

    ControlFile node() {
        return node;
    }

    /// {@return where it is, or was: an absolute path inside the mount}
    public String path() {
        return node.path();
    }

    /// {@return true until its name is gone}
    public boolean isPresent() {
        return !handled.isRemoved();
    }

    /// Its content is another one: wakes pollers.
    public void change() {
        handled.change();
    }

    private byte[] make(ProgramHandlers.Content content) throws ErrnoException {
        requirePresent();
        try {
            return checked(content.make());
        } catch (ErrnoException refusal) {
            failures.readRefused(refusal);
            throw refusal;
        } catch (Throwable t) {
            ErrnoException failure = failures.thrown(t);
            failures.readRefused(failure);
            throw failure;
        }
    }

    private static byte[] checked(byte[] bytes) throws ErrnoException {
        if (bytes == null) {
            throw new ErrnoException(Errno.EIO, "its handler has returned null");
        }
        if (bytes.length > MAX_CONTENT) {
            throw new ErrnoException(
                    Errno.EFBIG, "content: length=" + bytes.length + ", limit=" + MAX_CONTENT + " bytes; show less");
        }
        return bytes;
    }

    private void write(ProgramHandlers.Action action, ByteBuffer source, Caller caller) throws ErrnoException {
        requirePresent();
        if (source.remaining() > MAX_WRITE) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    "write: length=" + source.remaining() + " or more, limit=" + MAX_WRITE
                            + " bytes; write less at once");
        }
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        try {
            action.write(bytes, caller);
        } catch (ErrnoException refusal) {
            throw refusal;
        } catch (Throwable t) {
            throw failures.thrown(t);
        }
    }

    private void requirePresent() throws ErrnoException {
        if (handled.isRemoved()) {
            throw new ErrnoException(Errno.ENODEV, path() + ": was removed");
        }
    }
}
