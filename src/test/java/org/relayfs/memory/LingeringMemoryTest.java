package org.relayfs.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LingeringMemoryTest {
    private static final long LENGTH = 64L << 20;
    private static final long MOST = 512L << 20;

    /// Nothing here makes garbage enough for the collector to come by itself.
    @Test
    void memoryOfRemovedFilesDoesNotGather() throws IOException {
        assumeTrue(Files.getFileStore(Path.of("/dev/shm")).getUsableSpace() > 2 * MOST, "/dev/shm is small");
        Path folder = SharedFolder.create();
        try {
            for (int i = 0; i < 24; i++) {
                Path path = folder.resolve("data" + i);
                MappedFile file = MappedFile.create(path, LENGTH, LENGTH);
                Files.delete(path);
                file.markRemoved();
                assertThat(removedAndMapped(folder)).as("after %s files", i + 1).isLessThanOrEqualTo(MOST);
            }
        } finally {
            SharedFolder.remove(folder);
            SharedFolder.removeHomeIfEmpty(folder);
        }
    }

    private static long removedAndMapped(Path folder) throws IOException {
        return Files.readString(Path.of("/proc/self/maps"))
                .lines()
                .filter(line -> line.contains(folder.toString()) && line.endsWith("(deleted)"))
                .map(line -> line.split("[- ]"))
                .mapToLong(words -> Long.parseLong(words[1], 16) - Long.parseLong(words[0], 16))
                .sum();
    }
}
