package org.relayfs.linux;

import java.io.IOException;

/// A system call has failed. The message names the call, what it was about and the error.
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    /// The positive error number.
    private final int number;

    /// Describes a failure.
    ///
    /// @param call     name of the call
    /// @param object   what it was about, mostly a path
    /// @param negative its result: a negative error number
    public SystemCallException(String call, Object object, long negative) {
        super(call + ": " + object + ": " + Errno.text(negative));
        this.number = (int) -negative;
    }

    /// Accepts the result of a call that has succeeded.
    ///
    /// @param result of a system call
    /// @param call   its name
    /// @param object what it was about, mostly a path
    /// @return the result, 0 or more
    /// @throws SystemCallException the call has failed
    public static long check(long result, String call, Object object) throws SystemCallException {
        if (result < 0) {
            throw new SystemCallException(call, object, result);
        }
        return result;
    }

    /// {@return true when the call has failed with that error}
    ///
    /// @param errno an error
    public boolean is(Errno errno) {
        return number == errno.number();
    }
}
