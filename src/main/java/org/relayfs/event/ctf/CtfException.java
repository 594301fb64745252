package org.relayfs.event.ctf;

import java.io.IOException;

/// Bytes or a text that are not what they should be. The message says where.
public final class CtfException extends IOException {
    private static final long serialVersionUID = 1L;

    /// Says what is wrong.
    ///
    /// @param message what, and where
    public CtfException(String message) {
        super(message);
    }
}
