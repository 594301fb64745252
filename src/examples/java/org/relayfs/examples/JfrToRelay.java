package org.relayfs.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.RelayMount;

/// Streams the JVM's own JFR events into a channel, one record an event.
///
/// A record, native byte order: int32 length of the whole record, int64 start in nanoseconds since the
/// epoch, int64 duration in nanoseconds, then the event's name in UTF-8.
///
/// ```
/// java … org.relayfs.examples.JfrToRelay /mnt/relay 5
/// dd if=/mnt/relay/jfr/cpu0 bs=64K
/// ```
///
/// Prints `mounted on …`, then `events N lost M`, and unmounts when its standard input ends.
public final class JfrToRelay {
    private static final int HEADER_LENGTH = 20;

    private JfrToRelay() {}

    /// @param args mount point, seconds to record
    /// @throws IOException the mount fails
    /// @throws InterruptedException the wait was interrupted
    public static void main(String[] args) throws IOException, InterruptedException {
        Path mountPoint = Path.of(args[0]);
        Duration duration = Duration.ofSeconds(Long.parseLong(args[1]));
        AtomicLong events = new AtomicLong();
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", ChannelConfig.of(256 * 1024, 16));
                RelayMount mount = RelayMount.mount(relay, mountPoint);
                RecordingStream stream = new RecordingStream()) {
            System.out.println("mounted on " + mount.mountPoint());
            stream.enable("jdk.ObjectAllocationSample");
            stream.enable("jdk.ThreadStart");
            stream.enable("jdk.CPULoad").withPeriod(Duration.ofMillis(20));
            stream.enable("jdk.ThreadCPULoad").withPeriod(Duration.ofMillis(20));
            stream.onEvent(event -> {
                channel.write(encode(event));
                events.incrementAndGet();
            });
            stream.startAsync();
            work(duration);
            // Waits until every event so far has been delivered.
            stream.stop();
            channel.flush();
            System.out.println("events " + events + " lost " + channel.dropped());
            while (System.in.read() >= 0) {
                // Until the standard input ends.
            }
        }
    }

    private static byte[] encode(RecordedEvent event) {
        byte[] name = event.getEventType().getName().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER_LENGTH + name.length)
                .order(ByteOrder.nativeOrder())
                .putInt(HEADER_LENGTH + name.length)
                .putLong(ChronoUnit.NANOS.between(Instant.EPOCH, event.getStartTime()))
                .putLong(event.getDuration().toNanos())
                .put(name)
                .array();
    }

    /// Something to record: short threads that allocate.
    private static void work(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            Thread thread = Thread.ofPlatform().start(() -> new StringBuilder().repeat("relay", 10_000));
            thread.join();
        }
    }
}
