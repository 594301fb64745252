package org.relayfs;

import java.nio.file.Path;
import java.util.List;

/// What came of taking over the shared memory of a dead process, see [Relay#adopt].
///
/// @param folder   its folder of shared memory
/// @param channels that were taken over; they belong to the relay from now on
/// @param left     those that could not be, and are as they were
public record Adoption(Path folder, List<RelayChannel> channels, List<Left> left) {
    /// Copies the lists.
    public Adoption {
        channels = List.copyOf(channels);
        left = List.copyOf(left);
    }

    /// A channel that could not be taken over. `relayfs recover` may be able to read it, once the process that has
    /// taken over the others has ended, or if none could be taken over.
    ///
    /// @param folder of the channel
    /// @param reason why
    public record Left(Path folder, String reason) {}
}
