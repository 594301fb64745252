package org.relayfs;

import java.io.IOException;

/// A channel cannot be created because there is not enough memory for it.
public final class QuotaException extends IOException {
    private static final long serialVersionUID = 1L;

    /// Which limit was reached.
    private final boolean outOfSpace;

    /// Names what was wanted and what is left.
    ///
    /// @param message    value, limit and remedy
    /// @param outOfSpace true when the tmpfs is full, false when the relay's own quota is exceeded
    public QuotaException(String message, boolean outOfSpace) {
        super(message);
        this.outOfSpace = outOfSpace;
    }

    /// {@return true when the tmpfs is full (ENOSPC), false when the relay's own quota is exceeded (EDQUOT)}
    public boolean outOfSpace() {
        return outOfSpace;
    }
}
