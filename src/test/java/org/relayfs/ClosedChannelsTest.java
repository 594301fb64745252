package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ClosedChannelsTest {
    private static final long MIB = 1 << 20;

    /// Nothing here makes garbage enough for the collector to come by itself.
    @Test
    void theirMemoryDoesNotGather() throws IOException {
        assumeTrue(Files.getFileStore(Path.of("/dev/shm")).getUsableSpace() > 2200 * MIB, "/dev/shm is small");
        try (Relay relay = Relay.create()) {
            for (int i = 0; i < 24; i++) {
                relay.open("app" + i, ChannelConfig.of(16 * MIB, 4).withGlobal(true))
                        .close();
                assertThat(removedAndMapped(relay.folder()))
                        .as("after %s channels", i + 1)
                        .isLessThan(1024 * MIB);
            }
        }
    }

    private static long removedAndMapped(Path folder) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(folder.toString()) && line.endsWith("(deleted)"))
                .map(line -> line.split("[- ]"))
                .mapToLong(words -> Long.parseLong(words[1], 16) - Long.parseLong(words[0], 16))
                .sum();
    }
}
