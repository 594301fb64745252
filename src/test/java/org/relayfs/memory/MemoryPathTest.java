package org.relayfs.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What programs may name to attach to, and what they are told if it is nothing.
class MemoryPathTest {
    @TempDir
    private Path folder;

    @Test
    void theFolderItselfTheDirectoryOrItsFile() throws IOException {
        Path memory = Files.createDirectory(folder.resolve("app.1"));
        Files.createFile(memory.resolve("meta"));
        Path directory = Files.createDirectory(folder.resolve("app"));
        Files.writeString(directory.resolve("memory"), memory + "\n");
        assertThat(MemoryPath.of(memory)).isEqualTo(memory);
        assertThat(MemoryPath.of(directory)).isEqualTo(memory);
        assertThat(MemoryPath.of(directory.resolve("memory"))).isEqualTo(memory);
    }

    @Test
    void theFolderOfAChannelWhoseFirstGenerationIsGone() throws IOException {
        Path memory = Files.createDirectory(folder.resolve("app.1"));
        Files.createFile(Files.createDirectory(memory.resolve("2")).resolve("meta"));
        assertThat(MemoryPath.of(memory)).isEqualTo(memory);
    }

    @Test
    void aChannelThatIsNotCreated() throws IOException {
        Files.createFile(folder.resolve("memory"));
        for (Path path : new Path[] {folder, folder.resolve("memory")}) {
            assertThatThrownBy(() -> MemoryPath.of(path))
                    .isInstanceOf(IOException.class)
                    .hasMessage(path + ": the channel is not created");
        }
    }

    @Test
    void whatIsNoChannel() throws IOException {
        for (Path path : new Path[] {folder, folder.resolve("nowhere")}) {
            assertThatThrownBy(() -> MemoryPath.of(path))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessage(path + ": neither a channel's directory on a mount nor its shared memory");
        }
        Path other = Files.writeString(folder.resolve("other"), "some text\n");
        assertThatThrownBy(() -> MemoryPath.of(other)).hasMessage(other + ": it names no folder: some text");
    }
}
