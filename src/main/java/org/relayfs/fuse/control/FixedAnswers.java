package org.relayfs.fuse.control;

import jnr.ffi.Pointer;
import org.relayfs.linux.Errno;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FuseFileInfo;

/// The operations that are answered without a look at the tree.
///
/// What is neither here nor in [ControlPlane] is answered by libfuse with ENOSYS, after which the kernel does not ask
/// again: extended attributes (EOPNOTSUPP from then on), flush (0), locks (kept by the kernel).
abstract sealed class FixedAnswers extends FuseStubFS permits ControlPlane {
    static int refuse(Errno errno) {
        return -errno.number();
    }

    /// Files come with their channel.
    @Override
    public final int create(String path, long mode, FuseFileInfo info) {
        return refuse(Errno.EACCES);
    }

    @Override
    public final int mknod(String path, long mode, long device) {
        return refuse(Errno.EACCES);
    }

    @Override
    public final int fsync(String path, int dataOnly, FuseFileInfo info) {
        return 0;
    }

    @Override
    public final int ioctl(String path, int command, Pointer argument, FuseFileInfo info, long flags, Pointer data) {
        return refuse(Errno.ENOTTY);
    }

    @Override
    public final int fallocate(String path, int mode, long offset, long length, FuseFileInfo info) {
        return refuse(Errno.EOPNOTSUPP);
    }
}
