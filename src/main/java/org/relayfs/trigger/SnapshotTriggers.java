package org.relayfs.trigger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.relayfs.RelayChannel;
import org.relayfs.reader.ChannelSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes snapshots of a channel when something happens: with `mode=overwrite`, a flight recorder that
/// is kept when it is needed.
///
/// ```java
/// try (SnapshotTriggers triggers = SnapshotTriggers.of(channel, Path.of("/var/tmp/shop"))
///         .onSignal("USR2")
///         .onUncaughtException()
///         .onLevel(Level.ERROR)
///         .start()) {
///     run();
/// }
/// ```
///
/// Each is a folder `TIME-NUMBER-CAUSE` in the given one, which [ChannelSnapshot] writes; it has its
/// name once it is whole. A thread of its own takes them, one at a time; writers do not wait for it.
/// The limits of number and rate are those of all triggers together.
///
/// A thread that ends by an exception waits up to ten seconds for its snapshot, because the program may
/// end with it; then the handler is called that was there before, or the exception is printed as the
/// JVM does. The channel must still be open then: a `try` of the same thread that closes it is left
/// before. An [OutOfMemoryError] that the program catches is not seen; it calls [#take]. With
/// `-XX:+ExitOnOutOfMemoryError` the JVM ends before anybody is told.
///
/// Any thread.
public final class SnapshotTriggers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTriggers.class);
    // A snapshot of a channel with some types takes some 100 KiB of the heap.
    private static final int RESERVE = 2 << 20;
    private static final int LOOK_MS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SnapshotFolder folder;
    private final int most;
    private final long distanceNs;
    private final EventWatch watch;
    private final List<AutoCloseable> handlers = new ArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("relayfs-snapshots").unstarted(this::run);

    // Guarded by this.
    @SuppressWarnings("UnusedVariable") // it is there to be let go
    private byte[] reserve;

    private String wanted;
    private boolean closed;
    private int begun;
    private int ended;
    private long lastNs;
    private int taken;
    private long refused;
    private Taken last;

    /// A snapshot that was taken.
    ///
    /// @param folder of it
    /// @param cause  as its name has it
    /// @param copied what was copied of each buffer
    public record Taken(Path folder, String cause, List<ChannelSnapshot.Copied> copied) {
        /// Keeps its own list.
        public Taken {
            copied = List.copyOf(copied);
        }
    }

    private SnapshotTriggers(SnapshotTriggersBuilder wishes) throws IOException {
        folder = new SnapshotFolder(wishes.channel.folder(), wishes.folder);
        most = wishes.most;
        distanceNs = wishes.distance.toNanos();
        watch = wishes.types.isEmpty() && wishes.level == null
                ? null
                : new EventWatch(wishes.channel.events(), wishes.types, wishes.level);
    }

    /// Begins to say what shall take snapshots.
    ///
    /// @param channel whose snapshots they are
    /// @param folder  for them; it is made when it is not there
    /// @return to be told more
    public static SnapshotTriggersBuilder of(RelayChannel channel, Path folder) {
        return new SnapshotTriggersBuilder(channel, folder);
    }

    static SnapshotTriggers start(SnapshotTriggersBuilder wishes) throws IOException {
        Files.createDirectories(wishes.folder);
        SnapshotTriggers triggers = new SnapshotTriggers(wishes);
        boolean complete = false;
        try {
            if (wishes.outOfMemory) {
                triggers.folder.rehearse();
                triggers.keepReserve();
                triggers.handlers.add(new UncaughtTrigger(triggers, wishes.exceptions));
            }
            for (String signal : wishes.signals) {
                triggers.handlers.add(new SignalTrigger(triggers, signal));
            }
            triggers.thread.start();
            complete = true;
        } finally {
            if (!complete) {
                triggers.close();
            }
        }
        return triggers;
    }

    /// Takes a snapshot now, if the limits allow it, and waits for it.
    ///
    /// @param cause for its name: letters, digits, `-`
    /// @return false when it was refused, has failed, or takes more than ten seconds
    /// @throws IllegalArgumentException the cause has other characters, or more than 64
    /// @throws InterruptedException while it waited; it is taken
    public boolean take(String cause) throws InterruptedException {
        if (!cause.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("cause: value=" + cause + ", limit=1 to 64 letters, digits and -");
        }
        return await(cause);
    }

    /// Gives what was kept of the heap to whoever takes the snapshot.
    synchronized void releaseReserve() {
        reserve = null;
    }

    private synchronized void keepReserve() {
        reserve = new byte[RESERVE];
    }

    /// Wants a snapshot.
    ///
    /// @return its number; 0 when it is refused
    synchronized int want(String cause) {
        long now = System.nanoTime();
        if (closed || wanted != null || begun == most || begun > 0 && now - lastNs < distanceNs) {
            refused++;
            return 0;
        }
        wanted = cause;
        lastNs = now;
        begun++;
        notifyAll();
        return begun;
    }

    /// Wants a snapshot and waits for it.
    ///
    /// @return true when it was taken
    synchronized boolean await(String cause) throws InterruptedException {
        int before = taken;
        int number = want(cause);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (number > ended && !closed) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return number > 0 && taken > before;
    }

    /// {@return how many were taken}
    public synchronized int taken() {
        return taken;
    }

    /// {@return how many were refused, because of the limits}
    public synchronized long refused() {
        return refused;
    }

    /// {@return how many could not be written; the log says why}
    public synchronized int failed() {
        return ended - taken;
    }

    /// {@return the last one that was taken}
    public synchronized Optional<Taken> last() {
        return Optional.ofNullable(last);
    }

    private void run() {
        try {
            for (String cause = next(); cause != null; cause = next()) {
                write(cause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Null at the end.
    private synchronized String next() throws InterruptedException {
        boolean watching = watch != null;
        while (wanted == null && !closed) {
            wait(watching ? LOOK_MS : 0);
            try {
                if (watching && wanted == null && !closed && watch.hasGrown()) {
                    want("event");
                }
            } catch (IOException e) {
                LOG.warn("events take no more snapshots: {}", e.getMessage());
                watching = false;
            }
        }
        String cause = wanted;
        wanted = null;
        return cause;
    }

    private void write(String cause) {
        Taken result = null;
        try {
            result = folder.write(cause);
            LOG.info("snapshot {}", result.folder());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            report(e);
        }
        synchronized (this) {
            ended++;
            if (result != null) {
                taken++;
                last = result;
            }
            notifyAll();
        }
    }

    private static void report(Throwable why) {
        try {
            LOG.error("a snapshot could not be taken", why);
        } catch (OutOfMemoryError e) {
            // failed() tells it.
        }
    }

    /// Gives back handlers and thread; one that is being taken is finished. Idempotent.
    @Override
    public void close() {
        for (AutoCloseable handler : handlers) {
            try {
                handler.close();
            } catch (Exception e) {
                LOG.warn("a handler could not be given back", e);
            }
        }
        synchronized (this) {
            closed = true;
            reserve = null;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
