package org.relayfs.fuse;

import java.util.Arrays;
import org.relayfs.linux.Errno;

/// The refusal of a read or a write by the program, with an error number for the caller and a reason for
/// people.
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    /// The name of the error number.
    private final String errno;

    /// Refuses.
    ///
    /// @param errno  the name of an error number: `EINVAL`, `EBUSY`, …
    /// @param reason what is wrong, and what to do; goes to `error_log`
    /// @throws IllegalArgumentException no such error number is known here
    public RefusedException(String errno, String reason) {
        super(reason);
        this.errno = errno;
        if (Arrays.stream(Errno.values()).noneMatch(known -> known.name().equals(errno))) {
            throw new IllegalArgumentException(
                    "errno: value=\"" + errno + "\", limit=" + Arrays.toString(Errno.values()));
        }
    }

    /// {@return the name of the error number}
    public String errno() {
        return errno;
    }
}
