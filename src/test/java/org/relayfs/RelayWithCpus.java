package org.relayfs;

import java.io.IOException;
import java.util.List;
import org.relayfs.linux.Cpus;

/// Makes a relay for other CPUs than those of this machine.
public final class RelayWithCpus {
    private RelayWithCpus() {}

    /// @param online   numbers of the CPUs online, ascending
    /// @param possible one more than the highest number there can be
    /// @return the relay
    /// @throws IOException its folder cannot be made
    public static Relay create(List<Integer> online, int possible) throws IOException {
        return Relay.create(Long.MAX_VALUE, new Cpus(online, possible));
    }
}
