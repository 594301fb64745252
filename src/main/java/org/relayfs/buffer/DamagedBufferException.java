package org.relayfs.buffer;

/// The shared memory of a buffer holds what no writer or reader of ours can have stored there: somebody else has
/// written to it. Nothing in it can be relied on any more. Destroy the channel and create it again; other channels are
/// not concerned.
public final class DamagedBufferException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /// Names what was found.
    ///
    /// @param reason the word, its value and its limit
    public DamagedBufferException(String reason) {
        super("damaged shared memory: " + reason + "; destroy the channel and create it again");
    }
}
