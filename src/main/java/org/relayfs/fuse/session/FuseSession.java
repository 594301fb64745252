package org.relayfs.fuse.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.relayfs.Relay;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.data.BackingFiles;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.data.PollNotifier;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.tree.ProgramEntries;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.access.OpenFileLimit;
import org.relayfs.tree.handler.HandlerLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to the kernel: the names that it shows, the device, the threads that answer requests, and their end.
///
/// It ends when [#stop] is called or when the mount is gone. The last session thread cleans up: the notifier is
/// stopped, libfuse is ended and the device is closed, after which the kernel fails all further requests to the
/// mount.
public final class FuseSession {
    private static final Logger LOG = LoggerFactory.getLogger(FuseSession.class);
    private static final long NOTIFIER_WAIT_MS = 5_000;
    private static final int CHANNEL_HEAP = 8 << 10;
    private static final int BUFFER_HEAP = 6 << 10;
    private static final Path SELF = Path.of("/proc/self");

    private final Handshake handshake;
    private final RelayTree tree;
    private final ControlPlane control;
    private final LibFuseMount mount;
    private final DataPlane data;
    private final FuseDevice device;
    private final PollNotifier notifier;
    private final Thread notifierThread;
    private final SessionThreads threads = SessionThreads.create();
    private final Runnable releaseUnused;

    /// Mounts the channels of a relay and starts answering.
    ///
    /// @param relay      whose channels are shown
    /// @param mountPoint absolute path
    /// @param options    of the mount
    /// @return the session
    /// @throws IOException it cannot be mounted
    public static FuseSession open(Relay relay, String mountPoint, MountOptions options) throws IOException {
        int user = (int) Files.getAttribute(SELF, "unix:uid");
        int group = (int) Files.getAttribute(SELF, "unix:gid");
        Handshake handshake = new Handshake(options.mmap());
        TreeOptions treeOptions = new TreeOptions(
                options.uid().orElse(user),
                options.gid().orElse(group),
                options.rootMode(),
                () -> "mmap " + handshake.mmapMode().text(),
                Math.min(options.maxChannels(), heapChannels()),
                new HandlerLimits(options.maxFiles(), options.handlerTimeout().toMillis()));
        OpenFileLimit limit = new OpenFileLimit(user);
        return new FuseSession(new RelayTree(relay, treeOptions), handshake, limit, mountPoint, options);
    }

    /// {@return how many channels the heap has room for, if they are to take half of it}
    private static int heapChannels() {
        Runtime jvm = Runtime.getRuntime();
        long each = CHANNEL_HEAP + (long) jvm.availableProcessors() * BUFFER_HEAP;
        return Math.clamp(jvm.maxMemory() / 2 / each, 1, Integer.MAX_VALUE);
    }

    /// Mounts and starts answering.
    ///
    /// @param tree       what is shown; closed with the session, also when this fails
    /// @param handshake  with the kernel
    /// @param limit      of open files
    /// @param mountPoint absolute path
    /// @param options    of the mount
    /// @throws IOException it cannot be mounted
    public FuseSession(
            RelayTree tree, Handshake handshake, OpenFileLimit limit, String mountPoint, MountOptions options)
            throws IOException {
        this.tree = tree;
        this.handshake = handshake;
        control = new ControlPlane(tree, options, handshake, limit);
        try {
            mount = LibFuseMount.open(mountPoint, LibFuseArguments.of(options), control);
        } catch (IOException | RuntimeException | Error e) {
            threads.close();
            tree.close();
            throw e;
        }
        BackingFiles backing = new BackingFiles(mount.device(), handshake);
        notifier = new PollNotifier(mount.device());
        device = new FuseDevice(mount.device());
        data = new DataPlane(options, handshake, backing, notifier, device, limit, tree::space);
        releaseUnused = data::releaseUnused;
        tree.addRemovalListener(releaseUnused);
        notifierThread = Thread.ofPlatform().daemon().name("relayfs-notifier").start(notifier);
        KnownNodes known = new KnownNodes(tree.root());
        NameRequests names = new NameRequests(tree, known, data, options.defaultPermissions());
        LibFuseReplies replies = new LibFuseReplies(handshake, backing, control, data, known);
        HandlerRequests handlers = new HandlerRequests(control, data, device, handshake, options.defaultPermissions());
        SessionThread body = new SessionThread(threads, mount, replies, control, data, known, names, handlers);
        threads.start(options.threads(), body, this::cleanUp);
    }

    /// @param timeoutMs how long to wait at most
    /// @return true once the protocol is negotiated with the kernel
    /// @throws InterruptedException the waiting thread was interrupted
    public boolean awaitReady(long timeoutMs) throws InterruptedException {
        return handshake.await(timeoutMs);
    }

    /// {@return how relay files are mapped}
    public MmapMode mmapMode() {
        return handshake.mmapMode();
    }

    /// {@return what the program puts into the tree}
    public ProgramEntries program() {
        return tree.program();
    }

    /// {@return how many reads wait for data}
    public int waitingReadCount() {
        return data.waitingReadCount();
    }

    /// {@return how many writes wait for room}
    public int waitingWriteCount() {
        return data.waitingWriteCount();
    }

    /// Wakes all who wait: nothing more will come.
    public void endWaits() {
        data.end();
        tree.program().end();
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

    /// Ends the session; returns at once. Requests in progress are still answered.
    public void stop() {
        threads.stop();
    }

    /// @param timeoutMs how long to wait at most
    /// @return true when the session has ended and nothing of it is left
    /// @throws InterruptedException the waiting thread was interrupted
    public boolean awaitEnd(long timeoutMs) throws InterruptedException {
        return threads.awaitEnd(timeoutMs);
    }

    /// {@return true when it has ended and nothing of it is left}
    public boolean hasEnded() {
        return threads.haveEnded();
    }

    private void cleanUp() {
        try {
            data.end();
            tree.program().end();
            tree.removeRemovalListener(releaseUnused);
            stopNotifier();
            data.detach();
            control.releaseAll();
            if (device.close(NOTIFIER_WAIT_MS) && !notifierThread.isAlive()) {
                mount.destroy();
            } else {
                LOG.error("the device is still in use; it stays open");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tree.close();
        }
    }
}
