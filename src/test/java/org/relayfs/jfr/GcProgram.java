package org.relayfs.jfr;

import java.nio.file.Path;
import org.relayfs.AttachedChannel;

/// Collects garbage, and logs what JFR says of it into a channel of another process.
final class GcProgram {
    static final int COLLECTIONS = 5;

    private GcProgram() {}

    static void main(String[] arguments) throws Exception {
        try (AttachedChannel channel = AttachedChannel.attach(Path.of(arguments[0]));
                JfrStream stream = JfrStream.record(channel.events(), JfrStream.only("jdk.GarbageCollection"))) {
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
            }
            if (stream.refused() > 0) {
                throw new IllegalStateException("refused: " + stream.refused());
            }
        }
    }
}
