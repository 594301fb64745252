package org.relayfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.relayfs.memory.Futex;
import org.relayfs.memory.MappedFile;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way from attached writers to readers waiting in the owning process: a word in the owner's folder. A writer
/// in another process rings after it has delivered into an armed buffer; a thread of the owner, asleep until then,
/// passes the wake-up on to the listeners of the armed buffers.
///
/// While a buffer is armed, the thread also checks it every 100 ms: a writer that has died may have left something
/// to give up.
final class Doorbell implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Doorbell.class);
    private static final String FILE = "doorbell";
    private static final long LENGTH = 4096;
    private static final long LOOK_MS = 100;
    private static final long JOIN_MS = 5_000;

    private final Futex futex;
    private final Supplier<List<RingBuffer>> buffers;
    // Guarded by this.
    private Thread thread;
    private volatile boolean closed;

    private Doorbell(MappedFile file, Supplier<List<RingBuffer>> buffers) {
        this.futex = new Futex(file);
        this.buffers = buffers;
    }

    /// Makes the owner's doorbell.
    ///
    /// @param folder  the owner's
    /// @param buffers all that can be armed, at the time of the call
    static Doorbell create(Path folder, Supplier<List<RingBuffer>> buffers) throws IOException {
        return new Doorbell(MappedFile.create(folder.resolve(FILE), LENGTH, LENGTH), buffers);
    }

    /// Answers a dead owner's doorbell.
    ///
    /// @param folder  that owner's
    /// @param buffers all that can be armed, at the time of the call
    static Doorbell open(Path folder, Supplier<List<RingBuffer>> buffers) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + ": not a regular file");
        }
        MappedFile.allocateAgain(file, LENGTH);
        return new Doorbell(MappedFile.open(file, LENGTH), buffers);
    }

    /// Opens the doorbell of a channel's owner.
    ///
    /// @param channelFolder the channel's folder
    static Futex of(Path channelFolder) throws IOException {
        return new Futex(MappedFile.open(channelFolder.resolveSibling(FILE), LENGTH));
    }

    /// Starts listening, once somebody can wait.
    synchronized void listen() {
        if (thread == null && !closed) {
            thread = Thread.ofPlatform().daemon().name("relayfs-doorbell").start(this::run);
        }
    }

    private void run() {
        while (!closed) {
            try {
                int seen = futex.value();
                buffers.get().forEach(Doorbell::wakeIfReadable);
                futex.await(seen, LOOK_MS);
            } catch (Error e) {
                // Out of memory. When memory is available again, those who wait must not wait for ever.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
            }
        }
    }

    private static void wakeIfReadable(RingBuffer buffer) {
        try {
            buffer.wakeIfReadable();
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("the waiting readers of CPU {} were not notified", buffer.cpu(), e);
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        futex.ring();
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join(JOIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
