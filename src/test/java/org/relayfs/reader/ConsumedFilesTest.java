package org.relayfs.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose file `cpuN.consumed` it is that a consumer has opened.
class ConsumedFilesTest {
    @TempDir
    private Path directory;

    private final Path memory = Path.of("/dev/shm/some-owner/some-channel");

    @BeforeEach
    void showAChannel() throws IOException {
        Files.writeString(directory.resolve("memory"), memory + "\n");
        Files.createFile(directory.resolve("cpu0.consumed"));
    }

    @Test
    void aCountIsWrittenToTheFile() throws Exception {
        try (ConsumedFiles files = new ConsumedFiles(directory, memory)) {
            files.of(0, () -> false).readUpTo(7, 3);
        }
        assertThat(Files.size(directory.resolve("cpu0.consumed"))).isEqualTo(Long.BYTES);
    }

    @Test
    void afterAResizeTheFileIsThatOfAnotherBuffer() throws Exception {
        try (ConsumedFiles files = new ConsumedFiles(directory, memory)) {
            assertThat(files.of(0, () -> true)).isNull();
        }
    }

    @Test
    void theFileOfAChannelThatWasMadeAnewIsOfOthers() throws Exception {
        Files.writeString(directory.resolve("memory"), "/dev/shm/some-owner/another-channel\n");
        try (ConsumedFiles files = new ConsumedFiles(directory, memory)) {
            assertThat(files.of(0, () -> false)).isNull();
        }
    }

    @Test
    void aCpuWithoutAFileIsNamed() throws Exception {
        try (ConsumedFiles files = new ConsumedFiles(directory, memory)) {
            assertThatThrownBy(() -> files.of(1, () -> false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("CPU 1 has no file");
        }
    }
}
