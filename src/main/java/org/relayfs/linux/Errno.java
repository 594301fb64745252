package org.relayfs.linux;

/// The error numbers (Linux, all processors that the JVM runs on): those with which operations are refused, and those
/// that system calls answer.
public enum Errno {
    /// Not the owner.
    EPERM(1, "Operation not permitted"),
    /// No such file, directory or channel.
    ENOENT(2, "No such file or directory"),
    /// No such process.
    ESRCH(3, "No such process"),
    /// Interrupted by a signal.
    EINTR(4, "Interrupted system call"),
    /// An unexpected failure.
    EIO(5, "Input/output error"),
    /// Not open for this.
    EBADF(9, "Bad file descriptor"),
    /// Nothing there, or no room, right now.
    EAGAIN(11, "Resource temporarily unavailable"),
    /// No memory.
    ENOMEM(12, "Cannot allocate memory"),
    /// Not permitted by the mode.
    EACCES(13, "Permission denied"),
    /// Not an address of this process.
    EFAULT(14, "Bad address"),
    /// In use.
    EBUSY(16, "Device or resource busy"),
    /// It exists already.
    EEXIST(17, "File exists"),
    /// It is gone.
    ENODEV(19, "No such device"),
    /// Not a directory.
    ENOTDIR(20, "Not a directory"),
    /// A directory.
    EISDIR(21, "Is a directory"),
    /// An invalid value.
    EINVAL(22, "Invalid argument"),
    /// Too many open files.
    ENFILE(23, "Too many open files in system"),
    /// Too many open files of this process.
    EMFILE(24, "Too many open files"),
    /// No such ioctl.
    ENOTTY(25, "Inappropriate ioctl for device"),
    /// Too long a file.
    EFBIG(27, "File too large"),
    /// The tmpfs is full, or there are too many channels.
    ENOSPC(28, "No space left on device"),
    /// Has no position.
    ESPIPE(29, "Illegal seek"),
    /// Mounted read-only.
    EROFS(30, "Read-only file system"),
    /// Nobody reads from the other end.
    EPIPE(32, "Broken pipe"),
    /// Too long or too deep a name.
    ENAMETOOLONG(36, "File name too long"),
    /// No such operation.
    ENOSYS(38, "Function not implemented"),
    /// Not empty.
    ENOTEMPTY(39, "Directory not empty"),
    /// A link where none may be.
    ELOOP(40, "Too many levels of symbolic links"),
    /// The record is larger than a sub-buffer.
    EMSGSIZE(90, "Message too long"),
    /// Not supported.
    EOPNOTSUPP(95, "Operation not supported"),
    /// The mount was aborted.
    ECONNABORTED(103, "Software caused connection abort"),
    /// The mount is dead.
    ENOTCONN(107, "Transport endpoint is not connected"),
    /// Disabled, destroyed or not created.
    ESHUTDOWN(108, "Cannot send after transport endpoint shutdown"),
    /// Nobody is listening.
    ECONNREFUSED(111, "Connection refused"),
    /// What the kernel has found is not there any more; it looks again.
    ESTALE(116, "Stale file handle"),
    /// The quota is exceeded.
    EDQUOT(122, "Disk quota exceeded");

    private static final Errno[] ALL = values();

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /// The number that the kernel knows it by.
    ///
    /// @return the positive number, as in `errno.h`
    public int number() {
        return number;
    }

    /// Looks at the result of a system call.
    ///
    /// @param result an answer, or a negative error number
    /// @return true when the call has failed with this error
    public boolean is(long result) {
        return result == -number;
    }

    /// The result of a system call that fails with this error.
    ///
    /// @return the negative number
    public int negative() {
        return -number;
    }

    /// The text of an error, for messages: always in English, whatever the locale of the C library.
    ///
    /// @param negative result of a system call that has failed
    /// @return its text
    public static String text(long negative) {
        for (Errno errno : ALL) {
            if (errno.is(negative)) {
                return errno.text;
            }
        }
        return "errno " + -negative;
    }
}
