package org.relayfs.ringstress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.RelayMount;

/// A process that mounts and owns a channel, its own or one that it takes over, and writes to it from several threads
/// until it is killed, or until its standard input ends.
final class MountedOwner {
    private static final long RESIZE_EACH_NS = 2_000_000;

    private MountedOwner() {}

    /// Serves.
    ///
    /// @param args folder to mount on, journal of the writers, first writer, threads, takes over, resizes
    public static void main(String[] args) throws IOException {
        Progress progress = Progress.open(Path.of(args[1]));
        int first = Integer.parseInt(args[2]);
        boolean takesOver = Boolean.parseBoolean(args[4]);
        System.out.println("ready");
        System.in.read();
        try (Relay relay = Relay.create();
                RelayMount mount = RelayMount.mount(
                        relay, Path.of(args[0]), MountOptions.defaults().withAdopt(takesOver))) {
            RelayChannel channel =
                    takesOver ? relay.channel("app").orElseThrow() : relay.open("app", ChannelConfig.of(4096, 8));
            System.out.println("folder " + channel.folder());
            System.in.read();
            for (int i = 0; i < Integer.parseInt(args[3]); i++) {
                Thread.ofPlatform()
                        .daemon()
                        .start(new StressWriter(
                                StressWriter.targetOf(channel), first + i, progress, true, 900, 9000, () -> true));
            }
            if (Boolean.parseBoolean(args[5])) {
                Thread.ofPlatform().daemon().start(() -> resize(channel));
            }
            System.in.read();
        }
    }

    private static void resize(RelayChannel channel) {
        for (int i = 0; ; i++) {
            try {
                channel.resize(i % 2 == 0 ? 8192 : 4096, i % 3 == 0 ? 4 : 8);
            } catch (IOException | IllegalStateException e) {
                // It has not been read for a while.
            }
            LockSupport.parkNanos(RESIZE_EACH_NS);
        }
    }
}
