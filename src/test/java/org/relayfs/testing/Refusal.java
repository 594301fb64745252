package org.relayfs.testing;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// What a refused operation answers.
public final class Refusal {
    private Refusal() {}

    /// @param action what may be refused
    /// @return its errno, or null when it was not refused
    public static Errno refusal(ThrowingCallable action) {
        ErrnoException refused = catchThrowableOfType(ErrnoException.class, action);
        return refused == null ? null : refused.errno();
    }
}
