package org.relayfs.tool.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.buffer.BufferStats;

/// A folder with files in the place of a channel's.
final class ChannelFolderTest {
    @TempDir
    private Path path;

    private ChannelFolder folder() {
        return new ChannelFolder(path, new ChannelRow("app", "enabled", 4096, 4, "no-overwrite", 3, 0));
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
        assertThat(folder().relayFiles()).containsExactly("cpu0", "cpu2", "cpu10", "a", "z");
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
