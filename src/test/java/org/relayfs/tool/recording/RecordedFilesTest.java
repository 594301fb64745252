package org.relayfs.tool.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.tool.cli.ToolException;

final class RecordedFilesTest {
    private static final List<String> NAMES = List.of("cpu0", "cpu1");

    @TempDir
    private Path folder;

    private RecordedFiles files(boolean replace) {
        return new RecordedFiles(folder, Long.MAX_VALUE, 1, replace);
    }

    /// Also those of CPUs that are not online now, and those that were rotated.
    @ParameterizedTest
    @ValueSource(strings = {"cpu0", "cpu1", "cpu17", "cpu", "cpu0.1", "cpu17.20"})
    void theFilesOfAnEarlierRecordingAreInTheWay(String name) throws Exception {
        Files.createFile(folder.resolve(name));
        assertThatThrownBy(() -> files(false).prepare(NAMES))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining(folder.resolve(name) + " exists already")
                .hasMessageContaining("--force");
        files(true).prepare(NAMES);
        assertThat(folder).isEmptyDirectory();
    }

    /// A client may name the files of its channel as it likes.
    @ParameterizedTest
    @ValueSource(strings = {"cpu5", "log5", "log5.1", "plain", "plain3"})
    void filesMayHaveSeveralBaseNames(String name) throws Exception {
        Files.createFile(folder.resolve(name));
        assertThatThrownBy(() -> files(false).prepare(List.of("cpu0", "log1", "plain")))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining(name + " exists already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu0.old", "xcpu0", "cpu0x", "cpu0.", "notes"})
    void otherFilesStay(String name) throws Exception {
        Files.createFile(folder.resolve(name));
        files(false).prepare(NAMES);
        files(true).prepare(NAMES);
        assertThat(folder.resolve(name)).exists();
    }

    @Test
    void theFirstOfThemIsNamedAndTheFolderMade() throws Exception {
        Files.createFile(folder.resolve("cpu1"));
        Files.createFile(folder.resolve("cpu0"));
        assertThatThrownBy(() -> files(false).prepare(NAMES)).hasMessageContaining(folder.resolve("cpu0") + " exists");
        new RecordedFiles(folder.resolve("a/b"), Long.MAX_VALUE, 1, false).prepare(NAMES);
        assertThat(folder.resolve("a/b")).isDirectory();
        try (Stream<Path> kept = Files.list(folder)) {
            assertThat(kept).hasSize(3);
        }
    }
}
