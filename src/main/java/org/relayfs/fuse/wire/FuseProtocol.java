package org.relayfs.fuse.wire;

/// Numbers of the kernel's FUSE protocol, version 7: operation codes, flags, and where the fields of its
/// structures are. All fields are in native byte order.
public final class FuseProtocol {
    // Operations
    public static final int LOOKUP = 1;
    public static final int FORGET = 2;
    public static final int GETATTR = 3;
    public static final int SETATTR = 4;
    public static final int RENAME = 12;
    public static final int MKDIR = 9;
    public static final int RMDIR = 11;
    public static final int LINK = 13;
    public static final int OPEN = 14;
    public static final int READ = 15;
    public static final int WRITE = 16;
    public static final int STATFS = 17;
    public static final int RELEASE = 18;
    public static final int FSYNC = 20;
    public static final int FLUSH = 25;
    public static final int INIT = 26;
    public static final int OPENDIR = 27;
    public static final int ACCESS = 34;
    public static final int INTERRUPT = 36;
    public static final int IOCTL = 39;
    public static final int POLL = 40;
    public static final int BATCH_FORGET = 42;
    public static final int FALLOCATE = 43;
    public static final int RENAME2 = 45;
    public static final int LSEEK = 46;
    public static final int COPY_FILE_RANGE = 47;

    // struct fuse_in_header
    public static final int IN_LENGTH = 0;
    public static final int IN_OPCODE = 4;
    static final int IN_UNIQUE = 8;
    static final int IN_NODE_ID = 16;
    static final int IN_UID = 24;
    static final int IN_GID = 28;
    static final int IN_PID = 32;
    public static final int IN_HEADER_SIZE = 40;

    // struct fuse_out_header
    public static final int OUT_LENGTH = 0;
    public static final int OUT_ERROR = 4;
    static final int OUT_UNIQUE = 8;
    public static final int OUT_HEADER_SIZE = 16;

    // struct fuse_link_in; in struct fuse_rename_in and fuse_rename2_in, where the names begin
    public static final int LINK_OLD_NODE = 0;
    public static final int RENAME_NAMES = 8;
    public static final int RENAME2_NAMES = 16;

    // struct fuse_init_in, after the header
    static final int INIT_MINOR = 4;
    static final int INIT_READAHEAD = 8;
    static final int INIT_FLAGS = 12;
    static final int INIT_FLAGS2 = 16;

    // struct fuse_init_out
    static final int INIT_OUT_MAX_WRITE = 20;
    static final int INIT_OUT_TIME_GRANULARITY = 24;
    static final int INIT_OUT_MAX_PAGES = 28;
    static final int INIT_OUT_FLAGS2 = 32;
    static final int INIT_OUT_STACK_DEPTH = 36;
    public static final int INIT_OUT_SIZE = 64;

    // Flags of INIT, those of the second word shifted down by 32
    static final int INIT_BIG_WRITES = 1 << 5;
    static final int INIT_MAX_PAGES = 1 << 22;
    static final int INIT_EXT = 1 << 30;
    static final int INIT2_DIRECT_IO_ALLOW_MMAP = 1 << 4;
    static final int INIT2_PASSTHROUGH = 1 << 5;

    // struct fuse_attr
    static final int ATTR_INODE = 0;
    static final int ATTR_FILE_SIZE = 8;
    static final int ATTR_BLOCKS = 16;
    static final int ATTR_ATIME = 24;
    static final int ATTR_MTIME = 32;
    static final int ATTR_CTIME = 40;
    static final int ATTR_ATIME_NS = 48;
    static final int ATTR_MTIME_NS = 52;
    static final int ATTR_CTIME_NS = 56;
    static final int ATTR_MODE = 60;
    static final int ATTR_LINKS = 64;
    static final int ATTR_UID = 68;
    static final int ATTR_GID = 72;
    static final int ATTR_BLOCK_SIZE = 80;
    static final int ATTR_SIZE = 88;

    // struct fuse_entry_out: node id, generation, timeouts (left 0), attributes
    public static final int ENTRY_NODE_ID = 0;
    public static final int ENTRY_GENERATION = 8;
    public static final int ENTRY_ATTR = 40;
    public static final int ENTRY_SIZE = ENTRY_ATTR + ATTR_SIZE;

    // struct fuse_attr_out: timeout (left 0), attributes
    public static final int ATTR_OUT_ATTR = 16;
    public static final int ATTR_OUT_SIZE = ATTR_OUT_ATTR + ATTR_SIZE;

    // struct fuse_getattr_in
    public static final int GETATTR_FLAGS = 0;
    public static final int GETATTR_FH_SET = 1;

    // struct fuse_setattr_in
    static final int SETATTR_VALID = 0;
    static final int SETATTR_FILE_SIZE = 16;
    static final int SETATTR_ATIME = 32;
    static final int SETATTR_MTIME = 40;
    static final int SETATTR_ATIME_NS = 56;
    static final int SETATTR_MTIME_NS = 60;
    static final int SETATTR_MODE = 68;
    static final int SETATTR_UID = 76;
    static final int SETATTR_GID = 80;
    static final int VALID_MODE = 1;
    static final int VALID_UID = 1 << 1;
    static final int VALID_GID = 1 << 2;
    static final int VALID_SIZE = 1 << 3;
    static final int VALID_ATIME = 1 << 4;
    static final int VALID_MTIME = 1 << 5;
    static final int VALID_HANDLE = 1 << 6;
    static final int VALID_ATIME_NOW = 1 << 7;
    static final int VALID_MTIME_NOW = 1 << 8;

    // struct fuse_open_in and fuse_open_out
    public static final int OPEN_FLAGS = 0;
    public static final int OPEN_OUT_HANDLE = 0;
    public static final int OPEN_OUT_FLAGS = 8;
    public static final int OPEN_OUT_BACKING_ID = 12;
    public static final int OPEN_OUT_SIZE = 16;
    public static final int FOPEN_DIRECT_IO = 1;
    public static final int FOPEN_NONSEEKABLE = 1 << 2;
    public static final int FOPEN_STREAM = 1 << 4;
    public static final int FOPEN_NOFLUSH = 1 << 5;
    public static final int FOPEN_PARALLEL_DIRECT_WRITES = 1 << 6;
    public static final int FOPEN_PASSTHROUGH = 1 << 7;

    // struct fuse_read_in
    public static final int READ_HANDLE = 0;
    public static final int READ_OFFSET = 8;
    public static final int READ_SIZE = 16;
    public static final int READ_FLAGS = 20;
    public static final int READ_OPEN_FLAGS = 32;
    public static final int READ_LOCKOWNER = 1 << 1;

    // struct fuse_write_in and fuse_write_out
    public static final int WRITE_HANDLE = 0;
    public static final int WRITE_OFFSET = 8;
    public static final int WRITE_SIZE = 16;
    public static final int WRITE_FLAGS = 20;
    public static final int WRITE_OPEN_FLAGS = 32;
    public static final int WRITE_IN_SIZE = 40;
    public static final int WRITE_CACHE = 1;
    public static final int WRITE_OUT_WRITTEN = 0;
    public static final int WRITE_OUT_SIZE = 8;

    // struct fuse_release_in, fuse_access_in, fuse_forget_in, fuse_interrupt_in
    public static final int RELEASE_HANDLE = 0;
    public static final int ACCESS_MASK = 0;
    public static final int FORGET_LOOKUPS = 0;
    public static final int INTERRUPT_UNIQUE = 0;

    // struct fuse_batch_forget_in, then pairs of node id and lookups
    public static final int BATCH_COUNT = 0;
    public static final int BATCH_FIRST = 8;
    public static final int BATCH_ENTRY_SIZE = 16;

    // struct fuse_poll_in and fuse_poll_out
    public static final int POLL_HANDLE = 0;
    public static final int POLL_KERNEL_HANDLE = 8;
    public static final int POLL_FLAGS = 16;
    public static final int POLL_SCHEDULE_NOTIFY = 1;
    public static final int POLL_OUT_EVENTS = 0;
    public static final int POLL_OUT_SIZE = 8;
    public static final int POLLIN = 1;
    public static final int POLLPRI = 2;
    public static final int POLLOUT = 4;
    public static final int POLLERR = 8;
    public static final int POLLHUP = 0x10;
    public static final int POLLRDNORM = 0x40;
    public static final int POLLWRNORM = 0x100;

    // struct fuse_kstatfs
    public static final int STATFS_BLOCKS = 0;
    public static final int STATFS_FREE = 8;
    public static final int STATFS_AVAILABLE = 16;
    public static final int STATFS_FILES = 24;
    public static final int STATFS_FREE_FILES = 32;
    public static final int STATFS_BLOCK_SIZE = 40;
    public static final int STATFS_NAME_LENGTH = 44;
    public static final int STATFS_FRAGMENT_SIZE = 48;
    public static final int STATFS_SIZE = 80;

    // Notifications, in the error field of a header whose unique number is 0
    public static final int NOTIFY_POLL = 1;
    public static final int NOTIFY_POLL_SIZE = 8;
    static final int NOTIFY_INVALIDATE_INODE = 2;
    static final int NOTIFY_INVALIDATE_INODE_SIZE = 24;

    /// What the kernel calls the root of every mount.
    public static final long ROOT = 1;

    // ioctl on the device
    public static final long BACKING_OPEN = 0x4010_E501L;
    public static final long BACKING_CLOSE = 0x4004_E502L;
    public static final int BACKING_OPEN_SIZE = 16;

    /// The smallest buffer, besides `max_write`, with which the device may be read.
    public static final int REQUEST_OVERHEAD = 4096;

    private FuseProtocol() {}
}
