package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;

/// Attributes as the kernel reads and writes them.
public final class WireAttributes {
    public static final int BLOCK_SIZE = 4096;
    public static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int STAT_BLOCK = 512;
    private static final int PERMISSION_BITS = 07777;
    private static final int BOTH_NOW = FuseProtocol.VALID_ATIME_NOW | FuseProtocol.VALID_MTIME_NOW;

    private WireAttributes() {}

    /// Writes a `struct fuse_attr`.
    ///
    /// @param target     begins with it
    /// @param attributes what it shows
    /// @param size       `st_size` to show
    public static void put(MemorySegment target, Attributes attributes, long size) {
        target.set(JAVA_LONG, FuseProtocol.ATTR_INODE, attributes.inode());
        target.set(JAVA_LONG, FuseProtocol.ATTR_FILE_SIZE, size);
        target.set(JAVA_LONG, FuseProtocol.ATTR_BLOCKS, blocks(size));
        target.set(JAVA_LONG, FuseProtocol.ATTR_ATIME, seconds(attributes.atimeNs()));
        target.set(JAVA_LONG, FuseProtocol.ATTR_MTIME, seconds(attributes.mtimeNs()));
        target.set(JAVA_LONG, FuseProtocol.ATTR_CTIME, seconds(attributes.ctimeNs()));
        target.set(JAVA_INT, FuseProtocol.ATTR_ATIME_NS, nanoseconds(attributes.atimeNs()));
        target.set(JAVA_INT, FuseProtocol.ATTR_MTIME_NS, nanoseconds(attributes.mtimeNs()));
        target.set(JAVA_INT, FuseProtocol.ATTR_CTIME_NS, nanoseconds(attributes.ctimeNs()));
        target.set(JAVA_INT, FuseProtocol.ATTR_MODE, attributes.mode());
        target.set(JAVA_INT, FuseProtocol.ATTR_LINKS, attributes.links());
        target.set(JAVA_INT, FuseProtocol.ATTR_UID, attributes.uid());
        target.set(JAVA_INT, FuseProtocol.ATTR_GID, attributes.gid());
        target.set(JAVA_INT, FuseProtocol.ATTR_BLOCK_SIZE, BLOCK_SIZE);
    }

    /// Reads a `struct fuse_setattr_in`.
    ///
    /// @param request a SETATTR
    /// @return what it asks for
    public static AttributeChange change(FuseRequest request) {
        int valid = request.intAt(FuseProtocol.SETATTR_VALID);
        return new AttributeChange(
                (valid & FuseProtocol.VALID_MODE) != 0
                        ? (Integer) (request.intAt(FuseProtocol.SETATTR_MODE) & PERMISSION_BITS)
                        : null,
                (valid & FuseProtocol.VALID_UID) != 0 ? (Integer) request.intAt(FuseProtocol.SETATTR_UID) : null,
                (valid & FuseProtocol.VALID_GID) != 0 ? (Integer) request.intAt(FuseProtocol.SETATTR_GID) : null,
                (valid & FuseProtocol.VALID_SIZE) != 0 ? (Long) request.longAt(FuseProtocol.SETATTR_FILE_SIZE) : null,
                time(request, valid, FuseProtocol.VALID_ATIME, FuseProtocol.VALID_ATIME_NOW, true),
                time(request, valid, FuseProtocol.VALID_MTIME, FuseProtocol.VALID_MTIME_NOW, false),
                (valid & BOTH_NOW) == BOTH_NOW,
                (valid & FuseProtocol.VALID_HANDLE) != 0);
    }

    private static Long time(FuseRequest request, int valid, int bit, int nowBit, boolean access) {
        if ((valid & nowBit) != 0) {
            return nowNs();
        }
        if ((valid & bit) == 0) {
            return null;
        }
        long seconds = request.longAt(access ? FuseProtocol.SETATTR_ATIME : FuseProtocol.SETATTR_MTIME);
        int ns = request.intAt(access ? FuseProtocol.SETATTR_ATIME_NS : FuseProtocol.SETATTR_MTIME_NS);
        return seconds * NS_PER_SECOND + ns;
    }

    /// Blocks as `st_blocks` counts them. Never fewer than the size needs: otherwise `cp` takes the file for
    /// sparse, asks for its holes, and fails.
    public static long blocks(long size) {
        return (size + STAT_BLOCK - 1) / STAT_BLOCK;
    }

    public static long seconds(long ns) {
        return Math.floorDiv(ns, NS_PER_SECOND);
    }

    public static int nanoseconds(long ns) {
        return (int) Math.floorMod(ns, NS_PER_SECOND);
    }

    public static long nowNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NS_PER_SECOND + now.getNano();
    }
}
