package org.relayfs.tree;

/// The error numbers (Linux, all architectures the JVM runs on) with which operations are refused.
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EINTR(4),
    EIO(5),
    EBADF(9),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EBUSY(16),
    EEXIST(17),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    ENOTTY(25),
    EFBIG(27),
    ENOSPC(28),
    ESPIPE(29),
    EROFS(30),
    ENAMETOOLONG(36),
    ENOSYS(38),
    ENOTEMPTY(39),
    EMSGSIZE(90),
    EOPNOTSUPP(95),
    ESHUTDOWN(108),
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
