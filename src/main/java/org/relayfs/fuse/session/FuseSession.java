package org.relayfs.fuse.session;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.data.BackingFiles;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.data.PollNotifier;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.WaitCalls;
import org.relayfs.memory.SharedFolder;
import org.relayfs.tree.OpenFileLimit;
import org.relayfs.tree.RelayTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to the kernel: the device, the threads that answer requests, and their end.
///
/// It ends when [#stop] is called or when the mount is gone. The last session thread cleans up: the notifier is
/// stopped, libfuse is ended and the device is closed, upon which the kernel fails whatever is still asked of the
/// mount.
public final class FuseSession {
    private static final Logger LOG = LoggerFactory.getLogger(FuseSession.class);
    private static final int F_SETFD = 2;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;
    private static final long OPERATIONS_SIZE = 1024;
    private static final int UTIME_OMIT_FLAG_OFFSET = 38 * Long.BYTES;
    private static final byte UTIME_OMIT_FLAG = 1 << 2;
    private static final long NOTIFIER_WAIT_MS = 5_000;

    private final RelayTree tree;
    private final LibFuse libFuse;
    private final LibFuse.Mounted mounted;
    private final Handshake handshake;
    private final ControlPlane control;
    private final BackingFiles backing;
    private final DataPlane data;
    private final Runnable releaseUnused;
    private final PollNotifier notifier;
    private final FuseDevice device;
    private final Thread notifierThread;
    private final int wakeFd;
    private final ListenTurn listenTurn = new ListenTurn();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger running;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    /// Guarded by this: the number may belong to another file once it is closed.
    private boolean wakeClosed;

    /// Mounts. Nothing is answered until [#start].
    ///
    /// @param tree       what is shown
    /// @param mountPoint absolute path
    /// @param options    of the mount
    /// @throws IOException it cannot be mounted
    public FuseSession(RelayTree tree, String mountPoint, MountOptions options) throws IOException {
        this.tree = tree;
        libFuse = LibFuse.load();
        handshake = new Handshake(options.mmap());
        OpenFileLimit limit = new OpenFileLimit(SharedFolder.userId());
        control = new ControlPlane(tree, options, handshake, limit);
        running = new AtomicInteger(options.threads());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment operations = arena.allocate(OPERATIONS_SIZE, Long.BYTES);
            long size = control.copyOperations(operations);
            // Times that are to stay as they are may then be left out, as `touch -a` does. jnr-fuse has no access to
            // it.
            operations.set(ValueLayout.JAVA_BYTE, UTIME_OMIT_FLAG_OFFSET, UTIME_OMIT_FLAG);
            mounted = libFuse.mount(mountPoint, options.arguments(), operations.asSlice(0, size));
            wakeFd = WaitCalls.eventfd();
            int result = wakeFd < 0 ? wakeFd : setNonBlocking(mounted.device());
            if (result < 0) {
                libFuse.destroy(mounted);
                throw new IOException("session on " + mountPoint + ": " + Errno.text(result));
            }
        }
        backing = new BackingFiles(mounted.device(), handshake, options.mmap());
        notifier = new PollNotifier(mounted.device());
        device = new FuseDevice(mounted.device());
        data = new DataPlane(options, handshake, backing, notifier, device, limit);
        releaseUnused = data::releaseUnused;
        notifierThread = daemon(notifier, "relayfs-notifier");
        for (int i = 0; i < options.threads(); i++) {
            threads.add(daemon(new SessionThread(this), "relayfs-session-" + i));
        }
    }

    /// Reads and writes on the device shall not wait, and no child process shall inherit it.
    private static int setNonBlocking(int device) {
        int result = FileCalls.fcntl(device, F_SETFL, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        return result < 0 ? result : FileCalls.fcntl(device, F_SETFD, FD_CLOEXEC);
    }

    private static Thread daemon(Runnable body, String name) {
        return Thread.ofPlatform().daemon().name(name).unstarted(body);
    }

    public void start() {
        tree.addRemovalListener(releaseUnused);
        notifierThread.start();
        threads.forEach(Thread::start);
    }

    LibFuse libFuse() {
        return libFuse;
    }

    LibFuse.Mounted mounted() {
        return mounted;
    }

    /// @param timeoutMs how long to wait at most
    /// @return true when the kernel and we have agreed on the protocol
    /// @throws InterruptedException the waiting thread was interrupted
    public boolean awaitReady(long timeoutMs) throws InterruptedException {
        return handshake.await(timeoutMs);
    }

    Handshake handshake() {
        return handshake;
    }

    ControlPlane control() {
        return control;
    }

    DataPlane data() {
        return data;
    }

    /// @return how relay files are mapped, once [#awaitReady] has returned true
    public MmapMode mmapMode() {
        return backing.mode();
    }

    /// @return how many reads wait for data
    public int waitingReadCount() {
        return data.waitingReadCount();
    }

    /// Wakes all who wait: nothing more will come.
    public void endWaits() {
        data.end();
    }

    /// @return readable once the session stops
    int wakeFd() {
        return wakeFd;
    }

    ListenTurn listenTurn() {
        return listenTurn;
    }

    boolean isStopping() {
        return stopping;
    }

    /// Ends the notifier, while there are still threads that answer: before it drops a cached page the kernel waits
    /// for the page fill under way. Without an answer the notifier would wait for ever, in a call that no signal
    /// ends, and with it everybody who uses the mount.
    ///
    /// @throws InterruptedException the waiting thread was interrupted
    public void stopNotifier() throws InterruptedException {
        notifier.stop();
        notifierThread.join(NOTIFIER_WAIT_MS);
    }

    /// Ends the session; returns at once. What is being answered is still answered.
    public synchronized void stop() {
        stopping = true;
        if (!wakeClosed) {
            WaitCalls.signal(wakeFd);
        }
    }

    /// @param timeoutMs how long to wait at most
    /// @return true when the session has ended and nothing of it is left
    /// @throws InterruptedException the waiting thread was interrupted
    public boolean awaitEnd(long timeoutMs) throws InterruptedException {
        return ended.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /// A session thread has left its loop; it does not touch the device again.
    void threadEnded() {
        if (running.decrementAndGet() == 0) {
            cleanUp();
        }
    }

    private void cleanUp() {
        try {
            stopping = true;
            data.end();
            tree.removeRemovalListener(releaseUnused);
            stopNotifier();
            data.detach();
            control.releaseAll();
            if (!device.close(NOTIFIER_WAIT_MS) || notifierThread.isAlive()) {
                LOG.error("the device is still in use; it stays open");
                return;
            }
            libFuse.destroy(mounted);
            closeWake();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private synchronized void closeWake() {
        wakeClosed = true;
        FileCalls.close(wakeFd);
    }
}
