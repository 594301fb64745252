package org.relayfs.logging;

import java.io.IOException;
import org.relayfs.RelayChannel;

/// A channel of this JVM.
final class OwnChannel extends LogChannel {
    private final LogSettings settings;
    private RelayChannel present;

    OwnChannel(LogSettings settings) throws IOException {
        this.settings = settings;
        start();
    }

    @Override
    Logs open(boolean closed) throws IOException {
        RelayChannel found = LogChannels.own(settings);
        if (found == present) {
            return null;
        }
        Logs logs = Logs.of(found.events());
        present = found;
        return logs;
    }
}
