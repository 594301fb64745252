package org.relayfs.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.AttachedChannel;

/// Another process that logs through shared memory: records as long as a sub-buffer, so that each switches out the one
/// before. Waits now and then, for a client to fall asleep, and where there is no room.
final class AttachedSwitcher {
    private AttachedSwitcher() {}

    /// @param args the channel's folder, how many records, how long each
    public static void main(String[] args) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        byte[] record = new byte[Integer.parseInt(args[2])];
        try (AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]))) {
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                while (channel.write(record) < 0) {
                    LockSupport.parkNanos(20_000);
                }
                if (random.nextInt(4) == 0) {
                    LockSupport.parkNanos(random.nextInt(200_000));
                }
            }
        }
    }
}
