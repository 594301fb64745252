package org.relayfs.logging;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.relayfs.EventBuilder;
import org.relayfs.Events;
import org.relayfs.buffer.WriteResult;
import org.relayfs.event.Level;

/// Writes what a logger was given as events of the family [LogTypes]. What appenders are made of. Any
/// thread.
///
/// ```java
/// LogEntry entry = writer.begin(Level.INFO);
/// if (entry != null) {
///     int result = entry.message(text).logger(name).level("INFO").thread(thread).write();
/// }
/// ```
public final class LogWriter {
    private static final ThreadLocal<LogEntry> ENTRIES = ThreadLocal.withInitial(LogEntry::new);

    private final LogChannel channel;
    private final long blockNs;
    private final LongAdder lost = new LongAdder();
    private final AtomicBoolean told = new AtomicBoolean();

    private LogWriter(LogChannel channel, long blockNs) {
        this.channel = channel;
        this.blockNs = blockNs;
    }

    /// Opens the channel that settings name, and creates it if it is missing.
    ///
    /// @param settings of the logger
    /// @return the writer; nothing is to be closed
    /// @throws IOException the channel cannot be opened or made
    /// @throws IllegalArgumentException the size of the channel, or a type of the family, does not fit
    /// @throws IllegalStateException the channel holds records, not events
    public static LogWriter open(LogSettings settings) throws IOException {
        return new LogWriter(LogChannels.open(settings), settings.block().toNanos());
    }

    /// Begins a record.
    ///
    /// @param level of it
    /// @return takes its parts; the calling thread's own, so not to be kept. Null while the level is
    ///     switched off
    public LogEntry begin(Level level) {
        if (!channel.log(level).isEnabled()) {
            return null;
        }
        LogEntry own = ENTRIES.get();
        // Whoever logs while its message is being made, in toString(), finds it in use.
        return (own.isOpen() ? new LogEntry() : own).open(this, level);
    }

    /// {@return the events of its channel as it is now; another one, when it is made anew, is another
    /// object}
    public Events events() {
        return channel.events();
    }

    /// {@return how many records were not written since it was opened, for whatever cause} The channel
    /// counts the causes, except for records that came while it was closed.
    public long lost() {
        return lost.sum();
    }

    /// Tells when there is something to be said among the framework's own messages, once.
    ///
    /// @param result of a write
    /// @return true for the first record that was lost
    public boolean isFirstLoss(int result) {
        return result < 0 && result != WriteResult.DISABLED && told.compareAndSet(false, true);
    }

    int write(Level level, LogEntry entry) {
        int result = writeOnce(level, entry);
        if (result == WriteResult.CLOSED || result == WriteResult.FULL) {
            boolean anew = channel.renew(result == WriteResult.CLOSED);
            result = anew ? writeOnce(level, entry) : result;
        }
        if (result < 0 && result != WriteResult.DISABLED) {
            lost.increment();
        }
        return result;
    }

    private int writeOnce(Level level, LogEntry entry) {
        EventBuilder event = entry.put(channel.log(level).begin(), channel.maxPayload());
        return blockNs == 0 ? event.commit() : commitPatiently(event);
    }

    // A thread that was interrupted before is one that logs all the same, and stays interrupted.
    private int commitPatiently(EventBuilder event) {
        boolean interrupted = Thread.interrupted();
        try {
            return event.commit(blockNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return WriteResult.FULL;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
