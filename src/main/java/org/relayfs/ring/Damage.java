package org.relayfs.ring;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.relayfs.buffer.DamagedBufferException;

/// The mark of a buffer in whose shared memory something was found that cannot be there. It stays: what one process has
/// overwritten nobody can restore. Thread-safe.
final class Damage {
    private final AtomicReference<String> reason = new AtomicReference<>();
    private volatile Consumer<String> listener = what -> {};

    /// @param value told once of the first damage, by the thread that finds it
    void listener(Consumer<String> value) {
        listener = value;
    }

    boolean isFound() {
        return reason.get() != null;
    }

    /// Checks a word of shared memory.
    ///
    /// @param possible true when it can hold this value
    /// @param name     of the word
    /// @param value    that it holds
    /// @return the value
    /// @throws DamagedBufferException it is not possible, or damage was found before
    long check(boolean possible, String name, long value) {
        if (!possible || isFound()) {
            throw found(name + "=" + value + " is out of range");
        }
        return value;
    }

    /// {@return what to throw, once damage was found}
    DamagedBufferException exception() {
        return new DamagedBufferException(reason.get());
    }

    /// Marks the buffer, unless it is.
    ///
    /// @param what was found
    /// @return to be thrown
    DamagedBufferException found(String what) {
        if (reason.compareAndSet(null, what)) {
            listener.accept(what);
        }
        return exception();
    }
}
