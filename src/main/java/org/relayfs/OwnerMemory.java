package org.relayfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.relayfs.linux.Errno;
import org.relayfs.linux.SystemCallException;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.memory.SharedFolder;
import org.relayfs.ring.ChannelPlace;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An owner's folder of shared memory: the lock that says that the owner lives, the doorbell, and a folder for each
/// channel.
final class OwnerMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerMemory.class);
    private static final int MAX_READABLE_LENGTH = 200;
    private static final int MAX_ATTEMPTS = 10;

    private final Path folder;
    private final LivenessLocks locks;
    private final Doorbell doorbell;

    private OwnerMemory(Path folder, LivenessLocks locks, Doorbell doorbell) {
        this.folder = folder;
        this.locks = locks;
        this.doorbell = doorbell;
    }

    /// Makes the folder of a new owner in this process.
    ///
    /// @param buffers all that can be armed, at the time of the call
    static OwnerMemory create(Supplier<List<RingBuffer>> buffers) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path folder = SharedFolder.create();
            try {
                LivenessLocks locks = LivenessLocks.create(folder);
                return new OwnerMemory(folder, locks, Doorbell.create(folder, buffers));
            } catch (IOException e) {
                SharedFolder.remove(folder);
                SharedFolder.removeHomeIfEmpty(folder);
                // In another PID namespace, `clean` takes a folder without a lock for one that was left behind.
                if (attempt == MAX_ATTEMPTS || !isGone(e)) {
                    throw e;
                }
            }
        }
    }

    /// Takes the place of a dead owner: from its lock on it is ours.
    ///
    /// @param folder  of that owner
    /// @param buffers as for a new one
    /// @throws IOException it is no such folder, or of another user; its owner lives; or it cannot be used
    static OwnerMemory succeed(Path folder, Supplier<List<RingBuffer>> buffers) throws IOException {
        Path home = SharedFolder.ofUser(SharedFolder.userId());
        if (OwnerFolder.at(folder).isEmpty()
                || !home.equals(folder.getParent())
                || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + ": not the shared memory of a process of this user, limit=a folder such as "
                    + home.resolve("4711-123456-1"));
        }
        LivenessLocks locks = LivenessLocks.succeed(folder)
                .orElseThrow(() -> new IOException(
                        folder + ": its owner is alive, or another process has just taken it" + " over"));
        try {
            return new OwnerMemory(folder, locks, Doorbell.open(folder, buffers));
        } catch (IOException | RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    /// {@return the locks, with the owner's own}
    LivenessLocks locks() {
        return locks;
    }

    private static boolean isGone(IOException e) {
        return e instanceof NoSuchFileException || e instanceof SystemCallException call && call.is(Errno.ENOENT);
    }

    /// {@return a place for a new channel}
    ///
    /// @param name   of the channel, null for one that has none yet
    /// @param serial a number that no other channel of this owner has or had
    ChannelPlace place(String name, long serial) {
        // A slash cannot be in a file name, a plus not in a channel's.
        String base = name == null ? "+" : name.replace('/', '+');
        String readable = base.substring(0, Math.min(MAX_READABLE_LENGTH, base.length()));
        return new ChannelPlace(folder.resolve(readable + "." + serial), 0, locks, serial);
    }

    Path folder() {
        return folder;
    }

    /// {@return false when somebody has removed the folder}
    boolean isThere() {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /// Passes deliveries of other processes on, from now on.
    void listen() {
        doorbell.listen();
    }

    /// Removes the folder and gives up the lock, in this order: nobody is to take it over meanwhile. All channels are
    /// closed, but for those that could not be taken over: with them it stays.
    void remove() {
        try {
            if (OwnerFolder.channels(folder).isEmpty()) {
                SharedFolder.remove(folder);
                SharedFolder.removeHomeIfEmpty(folder);
            }
        } catch (IOException e) {
            LOG.warn("relay: {} could not be removed: {}", folder, e.getMessage());
        } finally {
            locks.release(LivenessLocks.OWNER);
        }
    }

    /// Ends the thread of the doorbell and closes the file of locks. Not under a lock that the thread needs.
    ///
    /// Buffers that somebody still reads take every writer for alive then: one that does not return is given up
    /// after the channel's patience.
    @Override
    public void close() {
        doorbell.close();
        locks.close();
    }
}
