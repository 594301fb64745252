package org.relayfs.buffer;

import java.io.IOException;
import java.nio.file.Path;

/// The shared memory of a channel has a layout that this program does not know, or is not complete yet.
public final class LayoutException extends IOException {
    private static final long serialVersionUID = 1L;

    /// Names both versions.
    ///
    /// @param folder of the channel
    /// @param found  layout version in its memory
    /// @param known  layout version of this program
    public LayoutException(Path folder, long found, long known) {
        super(folder + ": layout version: found=" + found + ", known=" + known
                + "; use the same relayfs version on both sides, or try again if the channel is just being created");
    }
}
