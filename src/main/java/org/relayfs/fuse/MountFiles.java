package org.relayfs.fuse;

import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.ProgramEntries;
import org.relayfs.tree.ProgramHandlers;

/// The directories and files that a program puts into its mount, beside those of channels: relayfs'
/// "non-relay files". All of them go with the mount. Any thread may call any method.
///
/// ```java
/// AtomicInteger level = new AtomicInteger(1);
/// mount.files().directory("myapp", 0755);
/// mount.files().file("myapp/level", 0644, () -> (level + "\n").getBytes(), write -> {
///     try {
///         level.set(Integer.parseInt(write.text()));
///     } catch (NumberFormatException e) {
///         throw new RefusedException("EINVAL", "level: value=" + write.text() + ", limit=a number");
///     }
/// });
/// ```
///
/// What the handlers of a file do harms nobody but its callers. They run in threads of the mount, one call of
/// a file after another. A handler that throws is EIO for its caller. One that does not return within
/// [MountOptions#withHandlerTimeout] is EIO for its caller, too, and is interrupted; until it returns, calls
/// of that file fail with EBUSY at once. At most 16 calls of a file are accepted at a time; more fail with
/// EBUSY.
///
/// A handler must not use the mount through its files: it would wait for itself. It may use the API.
public final class MountFiles {
    private static final int PERMISSION_BITS = 07777;

    private final ProgramEntries entries;

    MountFiles(ProgramEntries entries) {
        this.entries = entries;
    }

    /// Makes a directory. Channels can be opened in it, by the program, with `control` and with `mkdir`, as
    /// far as its mode allows; a channel of the same name has its files in it, and leaves it as it was.
    /// Missing directories above it are made with it, mode 0755, and go with the last that is in them. Its
    /// owner is that of the mount ([MountOptions#withUid]); `chmod` and `chown` work as everywhere. From
    /// outside it cannot be removed: `rmdir` fails with EBUSY.
    ///
    /// @param path as the name of a channel: one or several components, joined by `/`, without one in front
    /// @param mode permission bits, at most 07777
    /// @return the directory; closing it removes it
    /// @throws IllegalArgumentException the path or the mode is none
    /// @throws IllegalStateException    the path is taken, there are too many ([MountOptions#withMaxFiles]),
    ///                                  or the mount has ended
    public MountedDirectory directory(String path, int mode) {
        ChannelName name = ChannelName.of(path);
        requireMode(mode);
        try {
            return new MountedDirectory(entries, entries.hold(name, mode));
        } catch (ErrnoException refused) {
            throw new IllegalStateException("directory " + path + ": " + refused.getMessage(), refused);
        }
    }

    /// Makes a file. It is removed by closing it, with the channel's directory that it is in, or with the
    /// program's. Its owner is that of its directory; `chmod`, `chown` and `utimens` work as everywhere. From
    /// outside it cannot be removed.
    ///
    /// Reads are of any size and at any offset: the content is made when the file is read from its start, and
    /// a descriptor then goes on with what was made. Its size is 0, as in procfs. Each `write(2)` is one
    /// call, wherever the descriptor is; a write of more than 64 KiB is refused (EINVAL).
    ///
    /// @param path    as the name of a channel. Its directory is there already: the root, a channel's, or one
    ///                that was made here
    /// @param mode    permission bits, at most 07777
    /// @param content what a read returns; null: it cannot be read (EACCES), even by root
    /// @param handler what a write does; null: it cannot be written (EACCES), even by root
    /// @return the file; closing it removes it
    /// @throws IllegalArgumentException the path or the mode is none, or both handlers are missing
    /// @throws IllegalStateException    the path is taken, or is that of a file that its channel has or may
    ///                                  get; its directory is missing; there are too many
    ///                                  ([MountOptions#withMaxFiles]); the mount has ended
    public MountedFile file(String path, int mode, ContentSource content, WriteHandler handler) {
        ChannelName name = ChannelName.of(path);
        requireMode(mode);
        if (content == null && handler == null) {
            throw new IllegalArgumentException(
                    "file " + path + ": content=null, handler=null; nobody could use it, give one of them");
        }
        try {
            return new MountedFile(entries, entries.makeFile(name, mode, handlers(content, handler)));
        } catch (ErrnoException refused) {
            throw new IllegalStateException("file " + path + ": " + refused.getMessage(), refused);
        }
    }

    private static ProgramHandlers handlers(ContentSource content, WriteHandler handler) {
        return new ProgramHandlers(
                content == null ? null : () -> refusing(content),
                handler == null
                        ? null
                        : (bytes, caller) -> refusing(() -> {
                            handler.write(new FileWrite(bytes, caller.uid(), caller.gid(), caller.pid()));
                            return null;
                        }));
    }

    private static byte[] refusing(ContentSource handler) throws Exception {
        try {
            return handler.content();
        } catch (RefusedException refusal) {
            throw new ErrnoException(Errno.valueOf(refusal.errno()), String.valueOf(refusal.getMessage()));
        }
    }

    private static void requireMode(int mode) {
        if ((mode & ~PERMISSION_BITS) != 0) {
            throw new IllegalArgumentException(
                    "mode: value=" + Integer.toOctalString(mode) + ", limit=0 to 7777, permission bits only");
        }
    }
}
