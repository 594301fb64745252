package org.relayfs.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.RelayMount;

/// Embeds relayfs in a program: opens a channel, mounts it and logs text lines from several threads.
///
/// ```
/// java … org.relayfs.examples.EmbeddedLogger /mnt/relay 4 1000
/// cat /mnt/relay/app/cpu*
/// ```
///
/// Prints `mounted on …`, then `written N lost M`, and unmounts when its standard input ends.
public final class EmbeddedLogger {
    private EmbeddedLogger() {}

    /// @param args mount point, number of threads, lines a thread
    /// @throws IOException the mount fails
    /// @throws InterruptedException a thread was interrupted
    public static void main(String[] args) throws IOException, InterruptedException {
        Path mountPoint = Path.of(args[0]);
        int threads = Integer.parseInt(args[1]);
        int lines = Integer.parseInt(args[2]);
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", ChannelConfig.of(64 * 1024, 16));
                RelayMount mount = RelayMount.mount(relay, mountPoint)) {
            System.out.println("mounted on " + mount.mountPoint());
            List<Thread> writers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                writers.add(Thread.ofPlatform().start(writer(channel, thread, lines)));
            }
            for (Thread writer : writers) {
                writer.join();
            }
            channel.flush();
            long refused = channel.dropped();
            System.out.println("written " + ((long) threads * lines - refused) + " lost " + refused);
            while (System.in.read() >= 0) {
                // Until the standard input ends.
            }
        }
    }

    private static Runnable writer(RelayChannel channel, int thread, int lines) {
        return () -> {
            for (int line = 0; line < lines; line++) {
                // The result says whether the record was taken; a full buffer refuses and counts it.
                channel.write(("thread " + thread + " line " + line + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        };
    }
}
