package org.relayfs.event.ctf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.TreeMap;
import java.util.UUID;

/// What a trace that is made on this machine says of where it comes from.
public final class ThisMachine {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int TRIES = 3;

    private ThisMachine() {}

    /// {@return where a trace of a channel comes from}
    ///
    /// @param channel its name
    /// @throws IOException the kernel does not say
    public static CtfEnvironment environment(String channel) throws IOException {
        String host = Files.readString(HOST_NAME).strip();
        return new CtfEnvironment(host, Files.readString(BOOT_ID).strip(), channel, new TreeMap<>());
    }

    /// {@return CLOCK_MONOTONIC with the time of day of a moment}
    ///
    /// @param monotonic nanoseconds of it
    /// @param realtime  nanoseconds since 1970 at the same moment
    /// @throws IOException the kernel does not say which boot this is
    public static CtfClock clock(long monotonic, long realtime) throws IOException {
        return CtfClock.monotonic(UUID.fromString(Files.readString(BOOT_ID).strip()), monotonic, realtime);
    }

    /// {@return CLOCK_MONOTONIC with the present time of day: of some readings the one in which the least time passed}
    ///
    /// @throws IOException the kernel does not say which boot this is
    public static CtfClock clock() throws IOException {
        long monotonic = 0;
        long realtime = 0;
        long narrowest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long before = System.nanoTime();
            Instant now = Instant.now();
            long width = System.nanoTime() - before;
            if (width < narrowest) {
                narrowest = width;
                monotonic = before + width / 2;
                realtime = now.getEpochSecond() * CtfClock.NANOSECONDS + now.getNano();
            }
        }
        return clock(monotonic, realtime);
    }
}
