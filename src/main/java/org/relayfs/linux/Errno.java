package org.relayfs.linux;

/// The error numbers (Linux, all architectures the JVM runs on) with which operations are refused.
public enum Errno {
    /// Not the owner.
    EPERM(1),
    /// No such file, directory or channel.
    ENOENT(2),
    /// Interrupted by a signal.
    EINTR(4),
    /// Something failed that should not.
    EIO(5),
    /// Not open for this.
    EBADF(9),
    /// Nothing there, or no room, right now.
    EAGAIN(11),
    /// No memory.
    ENOMEM(12),
    /// Not permitted by the mode.
    EACCES(13),
    /// In use.
    EBUSY(16),
    /// It exists.
    EEXIST(17),
    /// It is gone.
    ENODEV(19),
    /// Not a directory.
    ENOTDIR(20),
    /// A directory.
    EISDIR(21),
    /// Not a value that can be.
    EINVAL(22),
    /// Too many open files.
    ENFILE(23),
    /// No such ioctl.
    ENOTTY(25),
    /// Too long a file.
    EFBIG(27),
    /// The tmpfs is full, or there are too many channels.
    ENOSPC(28),
    /// Has no position.
    ESPIPE(29),
    /// Mounted read-only.
    EROFS(30),
    /// Too long or too deep a name.
    ENAMETOOLONG(36),
    /// No such operation.
    ENOSYS(38),
    /// Not empty.
    ENOTEMPTY(39),
    /// The record is larger than a sub-buffer.
    EMSGSIZE(90),
    /// Not supported.
    EOPNOTSUPP(95),
    /// Disabled, destroyed or not created.
    ESHUTDOWN(108),
    /// Past the quota.
    EDQUOT(122);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /// The number that the kernel knows it by.
    ///
    /// @return the positive number, as in `errno.h`
    public int number() {
        return number;
    }
}
