package org.relayfs.ring;

import java.util.function.Consumer;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.layout.Geometry;

/// The mark of a buffer in whose shared memory something was found that cannot be there. It stays: what one process has
/// overwritten nobody can restore. Thread-safe.
final class Damage {
    private volatile String reason;
    private volatile Consumer<String> listener = what -> {};

    /// @param value told once of the first damage, by the thread that finds it
    void listener(Consumer<String> value) {
        listener = value;
    }

    boolean isFound() {
        return reason != null;
    }

    /// Checks a word of shared memory, beside the reserve word, whose check tells whether damage was found before.
    ///
    /// @param name  of the word
    /// @param value that it holds; 0 or more
    /// @param limit that it does not exceed
    /// @return the value
    /// @throws DamagedBufferException it is out of range
    long check(String name, long value, long limit) {
        if (value < 0 || value > limit) {
            throw found(name + "=" + value + ", limit=0.." + limit);
        }
        return value;
    }

    /// Checks the reserve word.
    ///
    /// @return the word
    /// @throws DamagedBufferException it cannot be one, or damage was found before
    long check(Geometry geometry, long word) {
        if (!geometry.isReserveWord(word) || isFound()) {
            throw found(
                    word <= 0
                            ? "RESERVE=" + word + ", limit=1 or more"
                            : "RESERVE=%d: lap=%d, limit=%d; index=%d, limit=%d; offset=%d, limit=%d"
                                    .formatted(
                                            word,
                                            geometry.lap(word),
                                            geometry.lastLap(),
                                            geometry.index(word),
                                            geometry.subBufferCount() - 1,
                                            geometry.offset(word),
                                            geometry.closedOffset()));
        }
        return word;
    }

    /// {@return what to throw, once damage was found}
    DamagedBufferException exception() {
        return new DamagedBufferException(reason);
    }

    /// Marks the buffer, unless it is.
    ///
    /// @param what was found
    /// @return to be thrown
    DamagedBufferException found(String what) {
        if (isFirst(what)) {
            listener.accept(what);
        }
        return exception();
    }

    private synchronized boolean isFirst(String what) {
        boolean first = reason == null;
        reason = first ? what : reason;
        return first;
    }
}
