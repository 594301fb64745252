package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private final CountDownLatch ended = new CountDownLatch(1);

    ForegroundMount(Path mountPoint, MountSettings settings, Optional<PidFile> pidFile) {
        this.mountPoint = mountPoint;
        this.settings = settings;
        this.pidFile = pidFile;
    }

    int run() throws ToolException, InterruptedException {
        // When a signal ends the process, the mount closes itself; the rest is this thread's.
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "relayfs-shutdown"));
        try {
            serve();
        } finally {
            pidFile.ifPresent(PidFile::remove);
            ended.countDown();
        }
        return ExitCode.OK;
    }

    private void serve() throws ToolException, InterruptedException {
        try (Relay relay = Relay.create(settings.quotaBytes());
                RelayMount mount = RelayMount.mount(relay, mountPoint, settings.mount())) {
            if (pidFile.isPresent()) {
                pidFile.get().write();
            }
            boolean adopted = settings.adopt().isPresent()
                    && new Succession(relay, mount.mountPoint())
                            .takeOver(settings.adopt().get());
            System.out.println(READY + mountPoint);
            // What was taken over would go with the mount.
            if (DaemonStart.isAbandoned() && !adopted) {
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
        LOG.info("stopped serving {}", mountPoint);
    }

    private void awaitEnd() {
        try {
            if (!ended.await(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                LOG.error("the mount did not close within {} ms; exiting anyway", PATIENCE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
}
