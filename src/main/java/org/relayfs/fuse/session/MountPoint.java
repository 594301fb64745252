package org.relayfs.fuse.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.Fusermount;
import org.relayfs.linux.MountTable;
import org.relayfs.linux.OpenFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder to mount on: prepared, probed without the risk of waiting for ever, and unmounted.
public final class MountPoint {
    private static final Logger LOG = LoggerFactory.getLogger(MountPoint.class);
    private static final int MAX_LEFTOVERS = 16;
    private static final long RETRY_MS = 10;

    private final Path path;

    private MountPoint(Path path) {
        this.path = path;
    }

    /// @param folder where to mount
    /// @return it, without symbolic links in its parents
    /// @throws IOException its parent does not exist
    public static MountPoint of(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        if (absolute.getParent() == null) {
            throw new IOException(absolute + ": cannot mount on the root folder");
        }
        // A mount point is not a link, and must not be accessed: that fails on a dead mount, and waits for ever
        // for a daemon that is stopped.
        Path real = absolute.getParent().toRealPath().resolve(absolute.getFileName());
        boolean mounted = MountTable.at(real).isPresent();
        return new MountPoint(!mounted && Files.isSymbolicLink(real) ? real.toRealPath() : real);
    }

    public Path path() {
        return path;
    }

    /// Detaches dead relayfs mounts, and checks that the folder can be mounted on, and the mount ended again.
    ///
    /// @param mayHaveFiles true: it need not be empty
    /// @param timeoutMs    how long a mount that is there may take to answer
    /// @throws IOException it cannot be mounted on, and why
    public void prepare(boolean mayHaveFiles, long timeoutMs) throws IOException {
        Optional<Fusermount.Obstacle> obstacle = Fusermount.obstacle();
        if (obstacle.isPresent()) {
            throw new IOException(path + ": " + obstacle.get());
        }
        for (int i = 0; i < MAX_LEFTOVERS; i++) {
            Optional<MountTable.Mount> there = MountTable.at(path);
            boolean ours = there.filter(MountTable.Mount::isRelayfs).isPresent();
            int answer = probe(timeoutMs);
            if (answer == 0 && ours) {
                throw new IOException(path + ": a live relayfs is already mounted here");
            }
            if (answer == 0) {
                checkEmpty(mayHaveFiles);
                return;
            }
            if (Errno.EAGAIN.is(answer)) {
                throw new IOException(path + ": the mount here has not answered within " + timeoutMs
                        + " ms; its daemon may be stopped (kill -CONT resumes it) or hung; relayfs umount -l " + path);
            }
            if (!Errno.ENOTCONN.is(answer)) {
                throw new IOException(path + ": " + Errno.text(answer));
            }
            if (!ours) {
                throw new IOException(path + ": dead mount of type "
                        + there.map(MountTable.Mount::type).orElse("unknown") + "; unmount it first");
            }
            LOG.warn("{}: detaching the mount of a dead relayfs", path);
            detach();
        }
        throw new IOException(path + ": dead mounts that cannot be detached");
    }

    private void detach() {
        Fusermount.unmount(path, true).ifPresent(why -> LOG.warn("{} cannot be detached: {}", path, why));
    }

    private void checkEmpty(boolean mayHaveFiles) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            if (!mayHaveFiles && files.findAny().isPresent()) {
                throw new IOException(path + ": the folder is not empty; the option nonempty mounts anyway");
            }
        }
    }

    /// Opens the folder in a thread of its own, which is abandoned if there is no answer.
    ///
    /// @param timeoutMs how long to wait
    /// @return 0 when it was opened as a folder, or a negative errno; EAGAIN: no answer in time
    public int probe(long timeoutMs) {
        AtomicInteger answer = new AtomicInteger(Errno.EAGAIN.negative());
        Thread thread = Thread.ofPlatform().daemon().name("relayfs-probe").start(() -> answer.set(openOnce()));
        try {
            thread.join(timeoutMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answer.get();
    }

    private int openOnce() {
        int fd = FileCalls.open(path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC, 0);
        return fd < 0 ? fd : FileCalls.close(fd);
    }

    /// {@return `major:minor` of the relayfs that is mounted here}
    ///
    /// @throws IOException there is none
    public String device() throws IOException {
        return MountTable.at(path)
                .filter(MountTable.Mount::isRelayfs)
                .map(MountTable.Mount::device)
                .orElseThrow(() -> new IOException(path + ": the mount is gone"));
    }

    private boolean shows(String device) {
        try {
            return MountTable.at(path)
                    .filter(mount -> mount.device().equals(device))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /// Detaches what is mounted here if it is a dead relayfs.
    ///
    /// @param timeoutMs how long it may take to answer
    /// @throws IOException it is not known what is mounted
    public void detachDead(long timeoutMs) throws IOException {
        boolean ours = MountTable.at(path).filter(MountTable.Mount::isRelayfs).isPresent();
        if (ours && Errno.ENOTCONN.is(probe(timeoutMs))) {
            detach();
        }
    }

    /// Unmounts the topmost mount here as long as it is a certain one: normally if it becomes unused in time, else
    /// lazily.
    ///
    /// @param device    `major:minor` of the mount
    /// @param timeoutMs how long those who use it have to end that
    /// @return nothing when it is unmounted, else why it is not
    /// @throws InterruptedException the waiting thread was interrupted
    public Optional<String> unmount(String device, long timeoutMs) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        Optional<String> refused = Optional.empty();
        boolean lazy = false;
        while (!lazy && shows(device)) {
            lazy = System.nanoTime() - deadline >= 0;
            refused = Fusermount.unmount(path, lazy);
            if (refused.isEmpty()) {
                return refused;
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        }
        return shows(device) ? refused : Optional.empty();
    }
}
