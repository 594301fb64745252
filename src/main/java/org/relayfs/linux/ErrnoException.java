package org.relayfs.linux;

/// The refusal of a file operation with an errno. It carries no stack trace: it is an answer, not a defect.
public final class ErrnoException extends Exception {
    private static final long serialVersionUID = 1L;

    /// What the client gets.
    private final Errno errno;

    /// Refuses an operation.
    ///
    /// @param errno  what the client gets
    /// @param reason what was wrong: the value, the limit and the remedy
    public ErrnoException(Errno errno, String reason) {
        super(reason, null, false, false);
        this.errno = errno;
    }

    /// The errno.
    ///
    /// @return what the client gets
    public Errno errno() {
        return errno;
    }
}
