package org.relayfs.fuse.control;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import jnr.ffi.Pointer;
import jnr.ffi.Struct;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.wire.FailureLog;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.MemoryShortage;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.ControlFile;
import org.relayfs.tree.Directory;
import org.relayfs.tree.Node;
import org.relayfs.tree.OpenControlFile;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.OpenFileLimit;
import org.relayfs.tree.access.Permission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseContext;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/// The operations on names, directories and control files, as libfuse calls them: a thin layer, all work is done
/// by the tree. Called by session threads, several at a time.
public final class ControlPlane extends FixedAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final FailureLog FAILURES = FailureLog.of(LOG, "request");
    private static final int UTIME_OMIT_FLAG_OFFSET = 38 * Long.BYTES;
    private static final byte UTIME_OMIT_FLAG = 1 << 2;
    private static final int DIRECT_IO_WORD = 20;
    private static final int DIRECT_IO_BIT = 1;

    private final RelayTree tree;
    private final MountOptions options;
    private final Handshake handshake;
    private final OpenControlFiles openFiles;
    /// What libfuse makes of the calling thread's request.
    @SuppressWarnings("ThreadLocalUsage") // one a mount: its threads end with it
    private final ThreadLocal<ControlCall> calls = ThreadLocal.withInitial(ControlCall::new);

    /// @param tree      what is shown
    /// @param options   of the mount
    /// @param handshake knows the largest write that arrives in one piece
    /// @param limit     of open files
    public ControlPlane(RelayTree tree, MountOptions options, Handshake handshake, OpenFileLimit limit) {
        this.tree = tree;
        this.options = options;
        this.handshake = handshake;
        this.openFiles = new OpenControlFiles(limit);
    }

    /// {@return what libfuse makes of the calling thread's request}
    public ControlCall call() {
        return calls.get();
    }

    /// `struct fuse_operations`, from jnr-fuse's Java object copied into native memory.
    ///
    /// @param target receives it
    /// @return its length in bytes
    public long copyOperations(MemorySegment target) {
        int size = Struct.size(fuseOperations);
        byte[] bytes = new byte[size];
        Struct.getMemory(fuseOperations).get(0, bytes, 0, size);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, 0, size);
        // Times that are to stay as they are may then be left out, as `touch -a` does. jnr-fuse has no access to it.
        target.set(JAVA_BYTE, UTIME_OMIT_FLAG_OFFSET, UTIME_OMIT_FLAG);
        return size;
    }

    @FunctionalInterface
    private interface Operation {
        int run() throws ErrnoException;
    }

    /// The one place where exceptions become error numbers.
    private int answer(String operation, String path, Operation body) {
        int result;
        try {
            result = body.run();
        } catch (DamagedBufferException e) {
            result = refuse(Errno.EIO); // logged once, when it was found
        } catch (ErrnoException e) {
            result = e.errno().negative();
        } catch (Throwable t) {
            FAILURES.error(operation, path, t);
            result = Errno.EIO.negative();
        }
        call().setAnswered();
        return result;
    }

    private Caller caller() {
        FuseContext context = getContext();
        return new Caller(
                context.uid.intValue(), context.gid.intValue(), context.pid.intValue(), options.defaultPermissions());
    }

    @Override
    public int getattr(String path, FileStat stat) {
        return answer("getattr", path, () -> {
            ControlCall call = call();
            Node node = call.isLookup() ? tree.lookUp(path, caller()) : tree.resolve(path);
            call.setFound(node);
            NativeAttributes.fill(stat, node.attributes());
            return 0;
        });
    }

    @Override
    public int opendir(String path, FuseFileInfo info) {
        return answer("opendir", path, () -> checkAccess(path, Permission.READ));
    }

    @Override
    public int readdir(String path, Pointer buffer, FuseFillDir filler, long offset, FuseFileInfo info) {
        return answer("readdir", path, () -> {
            if (!(tree.resolve(path) instanceof Directory directory)) {
                return refuse(Errno.ENOTDIR);
            }
            new DirectoryListing(buffer, filler).addAll(tree, path, directory);
            return 0;
        });
    }

    @Override
    public int mkdir(String path, long mode) {
        return answer("mkdir", path, () -> {
            tree.makeDirectory(path, (int) mode & 07777, caller());
            return 0;
        });
    }

    @Override
    public int rmdir(String path) {
        return answer("rmdir", path, () -> {
            tree.removeDirectory(path, caller());
            return 0;
        });
    }

    @Override
    public int chmod(String path, long mode) {
        return change("chmod", path, AttributeChange.ofMode((int) mode & 07777));
    }

    @Override
    public int chown(String path, long uid, long gid) {
        return change("chown", path, NativeAttributes.owner(uid, gid));
    }

    @Override
    public int truncate(String path, long size) {
        return change("truncate", path, AttributeChange.ofSize(size));
    }

    @Override
    public int ftruncate(String path, long size, FuseFileInfo info) {
        return change("ftruncate", path, AttributeChange.ofOpenedSize(size));
    }

    @Override
    public int utimens(String path, Timespec[] times) {
        return change("utimens", path, NativeAttributes.times(times));
    }

    private int change(String operation, String path, AttributeChange change) {
        return answer(operation, path, () -> {
            tree.resolve(path).setAttributes(change, caller());
            return 0;
        });
    }

    @Override
    public int access(String path, int mask) {
        return answer("access", path, () -> checkAccess(path, mask));
    }

    private int checkAccess(String path, int mask) throws ErrnoException {
        tree.resolve(path).checkAccess(mask, caller());
        return 0;
    }

    @Override
    public int open(String path, FuseFileInfo info) {
        return answer("open", path, () -> {
            Node node = tree.resolve(path);
            if (!(node instanceof ControlFile file)) {
                return refuse(node instanceof Directory ? Errno.EISDIR : Errno.EIO);
            }
            openFiles.requireRoom();
            Caller caller = caller();
            info.fh.set(openFiles.add(file.open(info.flags.get(), caller), caller.uid()));
            Pointer memory = Struct.getMemory(info);
            memory.putInt(DIRECT_IO_WORD, memory.getInt(DIRECT_IO_WORD) | DIRECT_IO_BIT);
            return 0;
        });
    }

    @Override
    public int read(String path, Pointer buffer, long size, long offset, FuseFileInfo info) {
        return answer("read", path, () -> openFiles.get(info.fh.longValue()).read(bytes(buffer, size), offset));
    }

    @Override
    public int write(String path, Pointer buffer, long size, long offset, FuseFileInfo info) {
        return answer(
                "write",
                path,
                () -> openFiles.get(info.fh.longValue()).write(bytes(buffer, size), handshake.maxRecord(), caller()));
    }

    private static ByteBuffer bytes(Pointer buffer, long size) {
        return MemorySegment.ofAddress(buffer.address()).reinterpret(size).asByteBuffer();
    }

    /// {@return an open file, or null}
    ///
    /// @param handle of a request
    public OpenControlFile find(long handle) {
        return openFiles.find(handle);
    }

    /// An open file is closed. libfuse is not to call this: it might have no memory to do so.
    ///
    /// @param handle of the file
    public void release(long handle) {
        long since = MemoryShortage.NOT_YET;
        while (true) {
            try {
                openFiles.release(handle);
                return;
            } catch (OutOfMemoryError e) {
                since = MemoryShortage.await(since, e);
            }
        }
    }

    /// The mount is gone: nobody will release what is still open.
    public void releaseAll() {
        openFiles.releaseAll();
    }

    @Override
    public int statfs(String path, Statvfs statistics) {
        return answer("statfs", path, () -> {
            NativeAttributes.fill(statistics, tree.space());
            return 0;
        });
    }

    @Override
    public int unlink(String path) {
        return refuseNames("unlink", path);
    }

    @Override
    public int rename(String path, String newName) {
        return refuseNames("rename", path, newName);
    }

    @Override
    public int link(String path, String newPath) {
        return refuseNames("link", newPath);
    }

    @Override
    public int symlink(String target, String newPath) {
        return refuseNames("symlink", newPath);
    }

    private int refuseNames(String operation, String... names) {
        return answer(operation, names[0], () -> {
            tree.refuseNames(caller(), names);
            return 0;
        });
    }
}
