package org.relayfs.memory;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.MemoryCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.SystemCallException;

/// A tmpfs file that is mapped, shared, as a whole; writable, unless it was opened for looking only.
///
/// The mapping is never taken away by a call: it ends when this object and every segment made from [#memory()] are
/// unreachable. So whoever holds this object may use the address. Thread-safe.
public final class MappedFile {
    private static final int OWNER_ONLY = 0600;

    private static final int MAX_INTERRUPTIONS = 1000;

    private final Path path;
    private final MemorySegment memory;
    private final LingeringMemory.Share share;

    private MappedFile(Path path, int fd, long length, int kind) throws IOException {
        this.path = path;
        this.share = new LingeringMemory.Share(length);
        this.memory = MemoryCalls.mapWhileReachable(fd, length, kind, path, share::unmapped);
        MappingLimit.mapped();
    }

    /// Makes a new file (mode 0600, never through a link, never an existing one) and maps it.
    ///
    /// @param path     where
    /// @param length   bytes; zero-filled
    /// @param reserved how many of them, from the start, get their memory now; the rest when [#reserve] is called
    /// @return the file
    /// @throws OutOfMemoryException the tmpfs has not that much room; no file is left
    /// @throws IOException it cannot be made; no file is left
    public static MappedFile create(Path path, long length, long reserved) throws IOException {
        LingeringMemory.keepSmall();
        int fd = open(path, OpenFlags.O_CREAT | OpenFlags.O_EXCL);
        try {
            SystemCallException.check(MemoryCalls.truncate(fd, length), "ftruncate to " + length, path);
            allocate(fd, 0, reserved, path);
            int kind = reserved == length ? MemoryCalls.SHARED_POPULATED : MemoryCalls.SHARED_WRITABLE;
            return new MappedFile(path, fd, length, kind);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        } finally {
            FileCalls.close(fd);
        }
    }

    /// Maps a file that another process has made.
    ///
    /// @param path    where; not a link
    /// @param minimum bytes it must have at least
    /// @return the file, with the length it has now
    /// @throws IOException it is missing, too short, a link or not ours to open
    public static MappedFile open(Path path, long minimum) throws IOException {
        LingeringMemory.keepSmall();
        int fd = open(path, 0);
        try {
            return new MappedFile(path, fd, lengthOf(path, minimum), MemoryCalls.SHARED_WRITABLE);
        } finally {
            FileCalls.close(fd);
        }
    }

    /// Maps a file that another process has made, for looking at. A store to it would end this process.
    ///
    /// @param path    where; not a link
    /// @param minimum bytes it must have at least
    /// @return the file, with the length it has now
    /// @throws IOException it is missing, too short, a link or not ours to read
    public static MappedFile look(Path path, long minimum) throws IOException {
        int flags = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;
        int fd = (int) SystemCallException.check(FileCalls.open(path, flags, 0), "open", path);
        try {
            return new MappedFile(path, fd, lengthOf(path, minimum), MemoryCalls.SHARED_READ_ONLY);
        } finally {
            FileCalls.close(fd);
        }
    }

    /// Maps the beginning of a file that another process has made.
    ///
    /// @param path   where; not a link
    /// @param length bytes from the start on
    /// @return that much of it
    /// @throws IOException it is missing, too short, a link or not ours to write to
    public static MappedFile openStart(Path path, long length) throws IOException {
        int fd = open(path, 0);
        try {
            lengthOf(path, length);
            return new MappedFile(path, fd, length, MemoryCalls.SHARED_WRITABLE);
        } finally {
            FileCalls.close(fd);
        }
    }

    private static long lengthOf(Path path, long minimum) throws IOException {
        long length = Files.size(path);
        if (length < minimum) {
            throw new IOException(path + ": too short: length=" + length + ", limit=" + minimum + " or more");
        }
        return length;
    }

    /// Gives a file back the length that somebody has taken from it: each access to what is missing is a
    /// fault. What it
    /// held there is gone, zeros are in its place.
    ///
    /// @param path   of a file that is mapped
    /// @param length that it had when it was mapped
    /// @return false when it was not shorter
    /// @throws IOException it is gone, or there is no room
    public static boolean restore(Path path, long length) throws IOException {
        if (Files.size(path) >= length) {
            return false;
        }
        int fd = open(path, 0);
        try {
            SystemCallException.check(MemoryCalls.truncate(fd, length), "ftruncate to " + length, path);
            allocate(fd, 0, length, path);
            return true;
        } finally {
            FileCalls.close(fd);
        }
    }

    /// Gives a file that another process has made the memory that somebody may have taken from it.
    ///
    /// @param path   where; not a link
    /// @param length bytes from the start on
    /// @throws OutOfMemoryException the tmpfs has not that much room
    /// @throws IOException the file is gone
    public static void allocateAgain(Path path, long length) throws IOException {
        int fd = open(path, 0);
        try {
            // Most or all of it is there: it is no new memory that a control group would have to have room for.
            int result = throughSignals(() -> MemoryCalls.allocate(fd, 0, length));
            if (Errno.ENOSPC.is(result)) {
                throw new OutOfMemoryException(path + ": no room for what somebody has cut off");
            }
            SystemCallException.check(result, "posix_fallocate", path);
        } finally {
            FileCalls.close(fd);
        }
    }

    /// Gives a part of the file its memory, so that a store can never meet a full tmpfs (SIGBUS).
    ///
    /// @param offset first byte
    /// @param length bytes
    /// @throws OutOfMemoryException the tmpfs has not that much room
    /// @throws IOException the file is gone
    public void reserve(long offset, long length) throws IOException {
        int fd = open(path, 0);
        try {
            allocate(fd, offset, length, path);
        } finally {
            FileCalls.close(fd);
        }
    }

    private static int open(Path path, int flags) throws SystemCallException {
        int all = OpenFlags.O_RDWR | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC | flags;
        return (int) SystemCallException.check(FileCalls.open(path, all, OWNER_ONLY), "open", path);
    }

    private static void allocate(int fd, long offset, long length, Path path) throws IOException {
        if (length == 0) {
            return;
        }
        MemoryGroupLimit.require(length, path);
        IntSupplier attempt = () -> MemoryCalls.allocate(fd, offset, length);
        int result = throughSignals(attempt);
        if (Errno.ENOSPC.is(result) && LingeringMemory.collect()) {
            result = throughSignals(attempt);
        }
        if (Errno.ENOSPC.is(result)) {
            throw new OutOfMemoryException(path + ": no room for " + length + " bytes in "
                    + path.getRoot().resolve("dev/shm")
                    + "; destroy a channel, make a smaller one or enlarge the tmpfs"
                    + Leftovers.ofThisUser().map(left -> "; " + left.hint()).orElse(""));
        }
        SystemCallException.check(result, "posix_fallocate", path);
    }

    /// Tries again when a signal has come: the kernel may then give up all that it has got so far. Bounded, because
    /// signals may come faster than the memory.
    static int throughSignals(IntSupplier call) {
        int result = call.getAsInt();
        for (int again = 0; Errno.EINTR.is(result) && again < MAX_INTERRUPTIONS; again++) {
            result = call.getAsInt();
        }
        return result;
    }

    /// Gives the memory of the file back at once, although it is still mapped. For a file that nobody can have
    /// come to know: whoever looks at the mapping afterwards meets an error.
    public void discard() {
        int fd = FileCalls.open(path, OpenFlags.O_RDWR | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC, 0);
        if (fd >= 0) {
            MemoryCalls.truncate(fd, 0);
            FileCalls.close(fd);
        }
    }

    /// The file is removed, or is about to be: its memory is wanted back as soon as nobody can reach it.
    public void markRemoved() {
        share.removed();
    }

    /// {@return where it is, or was: the name may be gone while the memory lives on}
    public Path path() {
        return path;
    }

    /// {@return the mapped bytes}
    public MemorySegment memory() {
        return memory;
    }

    /// {@return address of the first byte; valid while this object is reachable}
    public long address() {
        return memory.address();
    }

    /// The tmpfs is full.
    public static final class OutOfMemoryException extends IOException {
        private static final long serialVersionUID = 1L;

        OutOfMemoryException(String message) {
            super(message);
        }
    }
}
