package org.relayfs.fuse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.relayfs.Adoption;
import org.relayfs.Relay;
import org.relayfs.fuse.session.FuseSession;
import org.relayfs.fuse.session.JnrFuse;
import org.relayfs.fuse.session.MountPoint;
import org.relayfs.linux.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The channels of a relay, shown as a file system. Any thread may call any method.
///
/// It ends with [#close] or when somebody unmounts it; then only the relay remains. When the JVM exits first, by
/// `System.exit`, the end of its last thread or a signal such as SIGTERM, a shutdown hook closes the mount and the
/// relay; [MountOptions#withCloseAtExit] leaves that to the program. Without the hook, and after SIGKILL, a
/// dead mount remains, which the next mount on the same folder detaches, and shared memory, which that mount
/// takes over if [MountOptions#withAdopt] says so, and `relayfs clean` removes.
///
/// A JVM must not map, or read without a timeout, a file of a mount that it serves itself: while a page fault
/// waits for an answer, the thread that would give it may be waiting for a safepoint.
public final class RelayMount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayMount.class);
    private static final long READY_WAIT_MS = 20_000;
    private static final long PROBE_WAIT_MS = 5_000;
    private static final long OPEN_FILES_WAIT_MS = 1_000;
    private static final long END_WAIT_MS = 15_000;
    private static final String MAY_HAVE_FILES = "nonempty";

    private final MountPoint mountPoint;
    private final FuseSession session;
    private final ExitHook exitHook;
    private final MountFiles files;
    private final List<Adoption> adoptions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile String device;

    private RelayMount(MountPoint mountPoint, FuseSession session, ExitHook exitHook) {
        this.mountPoint = mountPoint;
        this.session = session;
        this.exitHook = exitHook;
        this.files = new MountFiles(session.program());
    }

    /// Mounts the channels of a relay with the usual options, see [MountOptions#defaults].
    ///
    /// @param relay      owner of the channels; it is not closed with the mount
    /// @param mountPoint an existing, empty folder
    /// @return the mount
    /// @throws IOException the mount fails or does not answer in time
    public static RelayMount mount(Relay relay, Path mountPoint) throws IOException {
        return mount(relay, mountPoint, MountOptions.defaults());
    }

    /// Mounts the channels of a relay. The mount answers when this returns. A dead relayfs mount on the same
    /// folder is detached first.
    ///
    /// @param relay      owner of the channels; it is not closed with the mount
    /// @param mountPoint an existing, empty folder
    /// @param options    how
    /// @return the mount
    /// @throws IOException the mount fails, also because of the options, or does not answer in time
    public static RelayMount mount(Relay relay, Path mountPoint, MountOptions options) throws IOException {
        JnrFuse.makeReadable();
        MountPoint folder = MountPoint.of(mountPoint);
        folder.prepare(options.extra().contains(MAY_HAVE_FILES), PROBE_WAIT_MS);
        List<Path> left = options.adopt() ? Relay.leftBehind(folder.path()) : List.of();
        relay.mountedOn(folder.path());
        ExitHook exitHook = ExitHook.of(relay, options.closeAtExit());
        FuseSession session;
        try {
            session = FuseSession.open(relay, folder.path().toString(), options);
        } catch (IOException | RuntimeException | Error e) {
            exitHook.disarm();
            folder.detachDead(PROBE_WAIT_MS); // libfuse may have mounted before it refused
            throw e;
        }
        RelayMount mount = new RelayMount(folder, session, exitHook);
        try {
            mount.awaitReady(options);
        } catch (IOException | RuntimeException | Error e) {
            mount.close();
            throw e;
        }
        exitHook.mounted(mount);
        if (options.adopt()) {
            mount.adopt(relay, left);
        }
        LOG.info("mounted on {}, mmap {}", folder.path(), mount.mmapMode().text());
        return mount;
    }

    /// Only once it is mounted: if that fails, nothing was taken from where it lies.
    private void adopt(Relay relay, List<Path> left) {
        for (Path owner : left) {
            try {
                Adoption adoption = relay.adopt(owner);
                adoptions.add(adoption);
                LOG.info("took over {} channels of {}", adoption.channels().size(), owner);
                adoption.left().forEach(channel -> LOG.warn("left as it is: {}", channel.reason()));
            } catch (IOException e) {
                // Somebody else was faster.
                LOG.warn("not taken over: {}", e.getMessage());
            }
        }
    }

    /// {@return what was taken over from dead processes when it was mounted, see [MountOptions#withAdopt]}
    public List<Adoption> adoptions() {
        return List.copyOf(adoptions);
    }

    private void awaitReady(MountOptions options) throws IOException {
        device = mountPoint.device();
        try {
            if (!session.awaitReady(READY_WAIT_MS)) {
                throw new IOException(mountPoint.path() + ": no answer from the kernel after " + READY_WAIT_MS + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(mountPoint.path() + ": interrupted while mounting", e);
        }
        if (options.mmap() == MmapMode.PASSTHROUGH && mmapMode() != MmapMode.PASSTHROUGH) {
            throw new IOException(mountPoint.path()
                    + ": mmap=passthrough needs Linux 6.9 and CAP_SYS_ADMIN; mmap=cached works without");
        }
        int answer = mountPoint.probe(READY_WAIT_MS);
        if (answer != 0) {
            throw new IOException(mountPoint.path() + ": the mount does not answer: " + Errno.text(answer));
        }
    }

    /// {@return the folder, as an absolute path}
    public Path mountPoint() {
        return mountPoint.path();
    }

    /// {@return the directories and files of the program's own in this mount}
    public MountFiles files() {
        return files;
    }

    /// {@return how relay files are mapped: any but [MmapMode#AUTO]}
    public MmapMode mmapMode() {
        return session.mmapMode();
    }

    /// {@return true until the mount has ended}
    public boolean isMounted() {
        return !session.hasEnded();
    }

    /// {@return the number of reads that wait for data (`blocking`); none of them occupies a thread}
    public int waitingReadCount() {
        return session.waitingReadCount();
    }

    /// {@return the number of writes that wait for room (`blocking_writes`); none of them occupies a thread}
    public int waitingWriteCount() {
        return session.waitingWriteCount();
    }

    /// Waits until the mount has ended, whoever ends it.
    ///
    /// @throws InterruptedException the waiting thread was interrupted
    public void awaitUnmounted() throws InterruptedException {
        session.awaitEnd(Long.MAX_VALUE);
    }

    /// Waits until the mount has ended, whoever ends it.
    ///
    /// @param timeout at most so long
    /// @param unit    of the timeout
    /// @return true when it has ended
    /// @throws InterruptedException the waiting thread was interrupted
    public boolean awaitUnmounted(long timeout, TimeUnit unit) throws InterruptedException {
        return session.awaitEnd(unit.toMillis(timeout));
    }

    /// Unmounts. Readers and pollers that wait are woken; open files have a second to be closed, then the mount is
    /// detached, and what is still open fails with ENOTCONN. Takes 20 seconds at most; harmless if called again or
    /// if the mount has already ended.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!session.hasEnded()) {
                endWaits();
                unmount();
                session.stopNotifier();
                session.stop();
            }
            if (!session.awaitEnd(END_WAIT_MS)) {
                LOG.error("{}: a request is still running; its session is abandoned", mountPoint.path());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            session.stop();
        } finally {
            exitHook.disarm();
        }
    }

    private void endWaits() {
        try {
            session.endWaits();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: those who wait cannot be woken; unmounting", mountPoint.path(), e);
        }
    }

    private void unmount() throws InterruptedException {
        if (device != null) {
            mountPoint
                    .unmount(device, OPEN_FILES_WAIT_MS)
                    .ifPresent(why -> LOG.error(
                            "{} cannot be unmounted, a dead mount is left there: {}", mountPoint.path(), why));
        }
    }
}
