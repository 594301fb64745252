package org.relayfs.tool.cli;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.WaitCalls;

/// The key `q`, which ends what a terminal shows, beside the signals that do.
public final class QuitKey implements AutoCloseable {
    private static final char QUIT = 'q';
    private static final int INPUT = 0;

    /// How soon it sees a signal, or that the shell has brought it to the foreground.
    private static final long LOOK_MS = 100;

    private static final int ENTRY_SIZE = 8;
    private static final int EVENTS_OFFSET = 4;

    private final StopSignal stop;
    private final Optional<KeyMode> mode;
    private final MemorySegment entry = Arena.ofAuto().allocate(ENTRY_SIZE, ENTRY_SIZE);
    private final MemorySegment keys = Arena.ofAuto().allocate(16);

    private QuitKey(StopSignal stop, Optional<KeyMode> mode) {
        this.stop = stop;
        this.mode = mode;
    }

    /// Begins to look for it.
    ///
    /// @param stop     what else ends the wait
    /// @param terminal false: there is no key
    /// @return to be closed: until then the terminal shows no keys
    public static QuitKey of(StopSignal stop, boolean terminal) {
        return new QuitKey(stop, terminal ? KeyMode.enter() : Optional.empty());
    }

    /// Waits.
    ///
    /// @param timeoutMs at most so long
    /// @return true when it was pressed, or a signal came
    /// @throws InterruptedException the waiting thread was interrupted
    public boolean await(long timeoutMs) throws InterruptedException {
        if (mode.isEmpty()) {
            return stop.await(timeoutMs);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long leftMs = timeoutMs;
        while (leftMs > 0 && !stop.isRequested()) {
            // From the background nothing is read: whoever tries is stopped.
            boolean pressed = KeyMode.isForeground() ? isPressed(Math.min(leftMs, LOOK_MS)) : stop.await(LOOK_MS);
            if (pressed) {
                return true;
            }
            leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        return stop.isRequested();
    }

    private boolean isPressed(long timeoutMs) {
        entry.set(JAVA_INT, 0, INPUT);
        entry.set(JAVA_SHORT, EVENTS_OFFSET, (short) WaitCalls.POLLIN);
        if (WaitCalls.poll(entry, 1, (int) timeoutMs) <= 0) {
            return false;
        }
        long count = FileCalls.read(INPUT, keys, keys.byteSize());
        for (int i = 0; i < count; i++) {
            if (keys.get(JAVA_BYTE, i) == QUIT) {
                return true;
            }
        }
        return count <= 0; // the terminal is gone
    }

    @Override
    public void close() {
        mode.ifPresent(KeyMode::close);
    }
}
