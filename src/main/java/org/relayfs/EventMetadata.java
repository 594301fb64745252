package org.relayfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfEnvironment;
import org.relayfs.event.ctf.CtfForm;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.ring.EventTypes;

/// The CTF metadata of a channel of events. Its clock is set once, when the channel is opened: what was read before
/// stays true. Thread-safe.
final class EventMetadata {
    private static final Path KERNEL = Path.of("/proc/sys/kernel");

    private final EventTypes types;
    private final Supplier<String> channel;
    private final CtfClock clock;
    private final String boot;

    /// @param types   of the channel
    /// @param channel its name, or null
    EventMetadata(EventTypes types, Supplier<String> channel) {
        this.types = types;
        this.channel = channel;
        this.boot = firstLine(KERNEL.resolve("random/boot_id"));
        // Of three looks the one that took the least time.
        long narrowest = Long.MAX_VALUE;
        long monotonic = 0;
        Instant realtime = Instant.EPOCH;
        for (int i = 0; i < 3; i++) {
            long before = System.nanoTime();
            Instant now = Instant.now();
            long width = System.nanoTime() - before;
            if (width < narrowest) {
                narrowest = width;
                monotonic = before + width / 2;
                realtime = now;
            }
        }
        this.clock = CtfClock.monotonic(uuid(), monotonic, ChronoUnit.NANOS.between(Instant.EPOCH, realtime));
    }

    private UUID uuid() {
        try {
            return UUID.fromString(boot);
        } catch (IllegalArgumentException e) {
            return new UUID(0, 0);
        }
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /// {@return the text of the file `metadata`, with all types and threads that are known now}
    String text() {
        String name = channel.get();
        CtfEnvironment environment = new CtfEnvironment(
                firstLine(KERNEL.resolve("hostname")), boot, name == null ? "" : name, new TreeMap<>(types.threads()));
        return new CtfMetadata(CtfForm.RAW, environment, clock, types.types()).text();
    }
}
