package org.relayfs.fuse.control;

import org.relayfs.fuse.wire.WireAttributes;
import org.relayfs.tree.TreeSpace;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/// Attributes as libfuse reads and writes them, and what `statfs` shows.
final class NativeAttributes {
    private static final long UTIME_NOW = (1L << 30) - 1;
    private static final long UTIME_OMIT = (1L << 30) - 2;
    private static final int NAME_MAX = 255;
    private static final long UNCHANGED_ID = 0xFFFF_FFFFL;

    private NativeAttributes() {}

    static void fill(FileStat stat, Attributes attributes) {
        stat.st_ino.set(attributes.inode());
        stat.st_mode.set(attributes.mode());
        stat.st_nlink.set(attributes.links());
        stat.st_uid.set(attributes.uid());
        stat.st_gid.set(attributes.gid());
        stat.st_size.set(attributes.size());
        stat.st_blksize.set(WireAttributes.BLOCK_SIZE);
        stat.st_blocks.set(WireAttributes.blocks(attributes.size()));
        setTime(stat.st_atim, attributes.atimeNs());
        setTime(stat.st_mtim, attributes.mtimeNs());
        setTime(stat.st_ctim, attributes.ctimeNs());
    }

    static void fill(Statvfs statistics, TreeSpace space) {
        statistics.f_blocks.set(space.totalBytes() / WireAttributes.BLOCK_SIZE);
        statistics.f_bfree.set(space.freeBytes() / WireAttributes.BLOCK_SIZE);
        statistics.f_bavail.set(space.freeBytes() / WireAttributes.BLOCK_SIZE);
        statistics.f_files.set(space.directories());
        statistics.f_ffree.set(space.freeDirectories());
        statistics.f_favail.set(space.freeDirectories());
        statistics.f_bsize.set(WireAttributes.BLOCK_SIZE);
        statistics.f_frsize.set(WireAttributes.BLOCK_SIZE);
        statistics.f_namemax.set(NAME_MAX);
    }

    private static void setTime(Timespec time, long ns) {
        time.tv_sec.set(WireAttributes.seconds(ns));
        time.tv_nsec.set(WireAttributes.nanoseconds(ns));
    }

    static AttributeChange owner(long uid, long gid) {
        return AttributeChange.ofOwner(id(uid), id(gid));
    }

    private static Integer id(long id) {
        return (id & UNCHANGED_ID) == UNCHANGED_ID ? null : (Integer) (int) id;
    }

    /// @param times of access and of change, each a time, UTIME_NOW or UTIME_OMIT
    static AttributeChange times(Timespec[] times) {
        return AttributeChange.ofTimes(time(times[0]), time(times[1]), isNow(times[0]) && isNow(times[1]));
    }

    private static boolean isNow(Timespec time) {
        return time.tv_nsec.longValue() == UTIME_NOW;
    }

    private static Long time(Timespec time) {
        long ns = time.tv_nsec.longValue();
        if (ns == UTIME_OMIT) {
            return null;
        }
        return isNow(time) ? WireAttributes.nowNs() : time.tv_sec.get() * WireAttributes.NS_PER_SECOND + ns;
    }
}
