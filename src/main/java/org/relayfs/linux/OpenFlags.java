package org.relayfs.linux;

/// How a file is opened: the flags of `open(2)`.
public final class OpenFlags {
    /// Only for reading.
    public static final int O_RDONLY = 0;
    /// Only for writing.
    public static final int O_WRONLY = 1;
    /// For both.
    public static final int O_RDWR = 2;
    /// Made if it is not there.
    public static final int O_CREAT = 0100;
    /// It must not be there.
    public static final int O_EXCL = 0200;
    /// Calls return instead of waiting.
    public static final int O_NONBLOCK = 04000;
    /// Programs that are started do not inherit it.
    public static final int O_CLOEXEC = 02000000;
    /// It must be a directory.
    public static final int O_DIRECTORY = Architecture.CURRENT.openDirectory;
    /// It must not be a symbolic link.
    public static final int O_NOFOLLOW = Architecture.CURRENT.openNoFollow;
    /// Past the page cache.
    public static final int O_DIRECT = Architecture.CURRENT.openDirect;

    private OpenFlags() {}
}
