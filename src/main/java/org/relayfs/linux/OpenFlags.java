package org.relayfs.linux;

/// The flags of `open(2)`.
public final class OpenFlags {
    /// Only for reading.
    public static final int O_RDONLY = 0;
    /// The bits that hold one of the three.
    public static final int ACCESS_MODE = 3;
    /// Only for writing.
    public static final int O_WRONLY = 1;
    /// For both.
    public static final int O_RDWR = 2;
    /// Create it if it does not exist.
    public static final int O_CREAT = 0100;
    /// It must not exist.
    public static final int O_EXCL = 0200;
    /// Calls return instead of blocking.
    public static final int O_NONBLOCK = 04000;
    /// Child programs do not inherit it.
    public static final int O_CLOEXEC = 02000000;
    /// It must be a directory.
    public static final int O_DIRECTORY = Architecture.CURRENT.openDirectory;
    /// It must not be a symbolic link.
    public static final int O_NOFOLLOW = Architecture.CURRENT.openNoFollow;
    /// Bypass the page cache.
    public static final int O_DIRECT = Architecture.CURRENT.openDirect;

    private OpenFlags() {}
}
