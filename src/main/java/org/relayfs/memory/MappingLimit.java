package org.relayfs.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.relayfs.memory.MappedFile.OutOfMemoryException;

/// The kernel's limit on the mappings of a process (`vm.max_map_count`). A JVM that meets it dies, so a part of it is
/// left to the JVM, and a channel that would go beyond is refused. Thread-safe.
///
/// The mappings are counted from time to time only, because that takes as long as there are many: in between, ours are
/// added. The more there are, and the more room there is, the more may be added.
public final class MappingLimit {
    private static final Path LIMIT = Path.of("/proc/sys/vm/max_map_count");
    private static final Path MAPPINGS = Path.of("/proc/self/maps");
    private static final int USUAL_LIMIT = 65_530;

    /// For threads, heap and code: a tenth.
    private static final int JVM_SHARE = 10;

    private static final int RECOUNT_AFTER = 256;
    private static final int RECOUNT_SHARE = 4;
    private static final long RECOUNT_NS = 1_000_000_000;

    private static final AtomicInteger OURS = new AtomicInteger();

    /// Guarded by the class.
    private static int counted;

    private static int limit = USUAL_LIMIT;
    private static int oursThen;
    private static long countedNs;

    private MappingLimit() {}

    static void mapped() {
        OURS.incrementAndGet();
    }

    static void unmapped() {
        OURS.decrementAndGet();
    }

    /// Makes sure that there is room for some mappings.
    ///
    /// @param wanted how many
    /// @param object what they are for
    /// @throws OutOfMemoryException the limit would be exceeded
    public static synchronized void require(int wanted, Path object) throws OutOfMemoryException {
        if (counted == 0 || OURS.get() - oursThen > recountAfter() || isNear(wanted)) {
            count();
        }
        if (estimate() + wanted > usable() && LingeringMemory.collect()) {
            count();
        }
        if (estimate() + wanted > usable()) {
            limit = limit(); // somebody may have raised it
        }
        if (estimate() + wanted > usable()) {
            throw new OutOfMemoryException(object + ": mappings: needed=" + wanted + ", in use=" + estimate()
                    + ", limit="
                    + limit + " (vm.max_map_count) less a tenth for the JVM; use one buffer for all CPUs (global=1),"
                    + " destroy a channel, or run as root: sysctl vm.max_map_count=" + 4L * limit);
        }
    }

    private static int usable() {
        return limit - limit / JVM_SHARE;
    }

    private static int recountAfter() {
        return Math.max(RECOUNT_AFTER, Math.min(counted, usable() - counted) / RECOUNT_SHARE);
    }

    private static boolean isNear(int wanted) {
        return estimate() + wanted > usable() / 2 && System.nanoTime() - countedNs > RECOUNT_NS;
    }

    private static int estimate() {
        return counted + OURS.get() - oursThen;
    }

    private static void count() {
        limit = limit();
        oursThen = OURS.get();
        counted = Math.max(1, lines());
        countedNs = System.nanoTime();
    }

    private static int lines() {
        byte[] part = new byte[1 << 16];
        int lines = 0;
        try (InputStream mappings = Files.newInputStream(MAPPINGS)) {
            for (int length = mappings.read(part); length > 0; length = mappings.read(part)) {
                for (int i = 0; i < length; i++) {
                    lines += part[i] == '\n' ? 1 : 0;
                }
            }
        } catch (IOException e) {
            // Where they cannot be counted, ours are all that is known.
            return OURS.get();
        }
        return lines;
    }

    private static int limit() {
        try (BufferedReader reader = Files.newBufferedReader(LIMIT)) {
            return Integer.parseInt(reader.readLine());
        } catch (IOException | NumberFormatException e) {
            return USUAL_LIMIT;
        }
    }
}
