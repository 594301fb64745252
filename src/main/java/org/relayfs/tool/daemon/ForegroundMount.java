package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.relayfs.Relay;
import org.relayfs.fuse.RelayMount;
import org.relayfs.tool.cli.Complaint;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A mount served from this process until somebody unmounts it or the process is told to end (SIGTERM, SIGINT,
/// SIGHUP).
final class ForegroundMount {
    /// How the line begins that is printed once the mount answers.
    static final String READY = "mounted on ";

    private static final Logger LOG = LoggerFactory.getLogger(ForegroundMount.class);
    private static final int PATIENCE_MS = 25_000;

    private final Path mountPoint;
    private final MountSettings settings;
    private final Optional<PidFile> pidFile;

    ForegroundMount(Path mountPoint, MountSettings settings, Optional<PidFile> pidFile) {
        this.mountPoint = mountPoint;
        this.settings = settings;
        this.pidFile = pidFile;
    }

    int run() throws ToolException, InterruptedException {
        CompletableFuture<RelayMount> mounting = new CompletableFuture<>();
        CompletableFuture<Void> serving = new CompletableFuture<>();
        // Before there is anything to close: the signal may come while it is being opened.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(mounting, serving), "relayfs-shutdown"));
        try {
            return serve(mounting);
        } finally {
            serving.complete(null);
        }
    }

    private int serve(CompletableFuture<RelayMount> mounting) throws ToolException, InterruptedException {
        try (Relay relay = Relay.create(settings.quotaBytes());
                RelayMount mount = mount(relay, mounting)) {
            if (pidFile.isPresent()) {
                pidFile.get().write();
            }
            System.out.println(READY + mountPoint);
            if (DaemonStart.isAbandoned()) {
                throw new ToolException(
                        ExitCode.MOUNT, "nobody is waiting any more for " + mountPoint + ": unmounting it");
            }
            tellServiceManager();
            mount.awaitUnmounted();
        } catch (IOException e) {
            throw new ToolException(
                    ExitCode.MOUNT, "cannot mount: " + Complaint.of(e).getMessage());
        } catch (LinkageError e) {
            LOG.error("native code cannot be loaded", e);
            throw new ToolException(
                    ExitCode.SYSTEM,
                    "cannot mount: native code cannot be unpacked to " + System.getProperty("java.io.tmpdir")
                            + " and run there; set TMPDIR to a folder that allows it");
        }
        LOG.info("unmounted {}", mountPoint);
        return ExitCode.OK;
    }

    /// As a service of `Type=notify`.
    private static void tellServiceManager() {
        String socket = System.getenv("NOTIFY_SOCKET");
        if (socket == null || socket.isEmpty()) {
            return;
        }
        try {
            NotifySocket.send(socket, "READY=1");
        } catch (IOException e) {
            LOG.warn("the service manager could not be told that the mount is ready: {}", e.getMessage());
        }
    }

    private RelayMount mount(Relay relay, CompletableFuture<RelayMount> mounting) throws IOException {
        try {
            RelayMount mount = RelayMount.mount(relay, mountPoint, settings.mount());
            mounting.complete(mount);
            return mount;
        } finally {
            mounting.cancel(false); // when it has failed: nobody has to wait for it
        }
    }

    private void end(CompletableFuture<RelayMount> mounting, CompletableFuture<Void> serving) {
        closeInTime(mounting, serving);
        pidFile.ifPresent(PidFile::remove);
    }

    /// The JVM waits for its hooks for ever, so the hook does not.
    private static void closeInTime(CompletableFuture<RelayMount> mounting, CompletableFuture<Void> serving) {
        Thread closer =
                Thread.ofPlatform().daemon().name("relayfs-close").start(() -> closeOnceOpen(mounting, serving));
        try {
            if (!closer.join(Duration.ofMillis(PATIENCE_MS))) {
                LOG.error("the mount did not close within {} ms; exiting anyway", PATIENCE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whoever serves sees the end of the mount, and removes the shared memory: the JVM must not end before.
    private static void closeOnceOpen(CompletableFuture<RelayMount> mounting, CompletableFuture<Void> serving) {
        try {
            mounting.join().close();
        } catch (CancellationException e) {
            // It was never opened.
        }
        serving.join();
    }
}
