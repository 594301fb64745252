package org.relayfs.tool.recording;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RotatingFileTest {
    @TempDir
    private Path temp;

    private void write(long maxSize, int maxCount, String... pieces) throws Exception {
        try (RotatingFile file = new RotatingFile(temp.resolve("cpu0"), maxSize, maxCount)) {
            for (String piece : pieces) {
                file.write(ByteBuffer.wrap(piece.getBytes(US_ASCII)));
            }
        }
    }

    private Map<String, String> contents() throws Exception {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(temp)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }

    @Test
    void isOneFileWithoutALimit() throws Exception {
        write(Long.MAX_VALUE, Integer.MAX_VALUE, "abc", "def");
        assertThat(contents()).isEqualTo(Map.of("cpu0", "abcdef"));
    }

    @Test
    void noFileGrowsLargerThanTheLimitAndTheirNumbersAscend() throws Exception {
        write(6, Integer.MAX_VALUE, "abc", "def", "g", "hijklm", "n");
        assertThat(contents()).isEqualTo(Map.of("cpu0.1", "abcdef", "cpu0.2", "g", "cpu0.3", "hijklm", "cpu0", "n"));
    }

    @Test
    void aPieceThatIsLargerThanTheLimitIsAFileOfItsOwn() throws Exception {
        write(4, Integer.MAX_VALUE, "abcdefgh", "i");
        assertThat(contents()).isEqualTo(Map.of("cpu0.1", "abcdefgh", "cpu0", "i"));
    }

    @Test
    void theLastFilesAreKept() throws Exception {
        write(1, 2, "a", "b", "c", "d");
        assertThat(contents()).isEqualTo(Map.of("cpu0.3", "c", "cpu0", "d"));
    }

    @Test
    void oneFileIsKept() throws Exception {
        write(1, 1, "a", "b", "c");
        assertThat(contents()).isEqualTo(Map.of("cpu0", "c"));
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        Files.writeString(temp.resolve("cpu0"), "earlier");
        assertThatThrownBy(() -> write(1, 1, "a")).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(contents()).isEqualTo(Map.of("cpu0", "earlier"));
    }

    @Test
    void thereIsRoomForWhatTheFileMayStillTakeOrForANewOne() throws Exception {
        try (RotatingFile file = new RotatingFile(temp.resolve("cpu0"), 100, Integer.MAX_VALUE)) {
            assertThat(file.room(1000)).isEqualTo(100);
            file.write(ByteBuffer.allocate(60));
            assertThat(file.room(1000)).isEqualTo(40);
            assertThat(file.room(30)).isEqualTo(30);
            file.write(ByteBuffer.allocate(40));
            assertThat(file.room(1000)).isEqualTo(100);
        }
    }
}
