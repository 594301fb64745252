package org.relayfs.tool.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.buffer.BufferStats;

/// A folder with files in the place of a channel's.
final class ChannelFolderTest {
    @TempDir
    private Path root;

    private Path path;

    @BeforeEach
    void makeDirectory() throws IOException {
        path = Files.createDirectory(root.resolve("app"));
    }

    private ChannelFolder folder() {
        return new ChannelFolder(path, new ChannelRow("app", "enabled", 4096, 4, "no-overwrite", 3, 0, "none", "."));
    }

    private void make(String... names) throws Exception {
        for (String name : names) {
            Files.createFile(path.resolve(name));
        }
    }

    @Test
    void relayFilesAreThoseWithCountersInTheOrderOfTheirCpus() throws Exception {
        for (String name : new String[] {"cpu10", "cpu2", "z", "a", "cpu0"}) {
            make(name, name + ".produced", name + ".consumed");
        }
        make("stats", "half", "half.produced", "other", "other.consumed");
        assertThat(folder().relayFiles())
                .containsExactly(Stream.of("cpu0", "cpu2", "cpu10", "a", "z")
                        .map(path::resolve)
                        .toArray(Path[]::new));
    }

    @Test
    void relayFilesAreWhereTheMountSaysTheyAre() throws Exception {
        make("cpu0", "cpu0.produced", "cpu0.consumed");
        Files.writeString(
                path.resolveSibling("buffers"),
                "channel cpu file\nother 0 /app/x0\napp 10 /t10\napp 2 /a/b/t2\napp 3 /a\\040b\\134\\303\\2443\n");
        assertThat(folder().relayFiles())
                .containsExactly(root.resolve("a/b/t2"), root.resolve("a b\\ä3"), root.resolve("t10"));
    }

    @Test
    void whatIsNotInTheDirectoryIsAskedOfTheRoot() throws Exception {
        Files.writeString(path.resolveSibling("stats"), "channel cpu records\nother 0 1\napp 0 2\napp 1 3\n");
        Files.createFile(path.resolveSibling("control"));
        assertThat(folder().stats()).extracting(BufferStats::records).containsExactly(2L, 3L);
        folder().flush();
        assertThat(path.resolveSibling("control")).hasContent("flush app\n");
    }

    /// Another version may have more columns, or fewer.
    @Test
    void statsAreFoundByTheNamesOfTheirColumns() throws Exception {
        Files.writeString(path.resolve("stats"), "new cpu records full damaged\n9 3 70 5 1\n9 4 80\n");
        assertThat(folder().stats()).extracting(BufferStats::cpu).containsExactly(3, 4);
        assertThat(folder().stats()).extracting(BufferStats::records).containsExactly(70L, 80L);
        assertThat(folder().stats()).extracting(BufferStats::full).containsExactly(5L, 0L);
        assertThat(folder().stats()).extracting(BufferStats::big).containsExactly(0L, 0L);
        assertThat(folder().stats()).extracting(BufferStats::damaged).containsExactly(true, false);
    }
}
