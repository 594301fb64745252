package org.relayfs.tool.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.tool.client.ChannelRow;
import org.relayfs.tool.client.ClientFile;

/// With files in the place of a relay file and its counters: what is in the mapping may be anything.
final class MappedDrainTest {
    private static final int SIZE = 4096;
    private static final int COUNT = 4;

    @TempDir
    private Path folder;

    private Path relayFile;
    private final ByteBuffer ring = ByteBuffer.allocate(SIZE * COUNT).order(ByteOrder.nativeOrder());

    @BeforeEach
    void setUp() {
        relayFile = folder.resolve("cpu0");
    }

    private void counter(String suffix, long value) throws IOException {
        ByteBuffer word =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, value);
        Files.write(folder.resolve("cpu0" + suffix), word.array());
    }

    private long drain(String header, long produced, long consumed) throws IOException {
        Files.write(relayFile, ring.array());
        counter(".produced", produced);
        counter(".consumed", consumed);
        ChannelRow row = new ChannelRow("app", "enabled", SIZE, COUNT, "no-overwrite", 1, 0, header, ".");
        try (ClientFile file = ClientFile.open(relayFile);
                BufferPositions positions = BufferPositions.consume(relayFile);
                RotatingFile output = new RotatingFile(folder.resolve("out"), Long.MAX_VALUE, Integer.MAX_VALUE)) {
            return new MappedDrain(row, false, file, positions, output, null).drain();
        }
    }

    @Test
    void whatIsNotPaddingIsWritten() throws Exception {
        ring.putLong(3 * SIZE, SIZE - Long.BYTES); // nothing but the header
        ring.putLong(0, 96);
        assertThat(drain("padding", 5, 3)).isEqualTo(Long.BYTES + SIZE - 96);
        assertThat(folder.resolve("out")).hasSize(Long.BYTES + SIZE - 96);
        assertThat(Files.readAllBytes(folder.resolve("cpu0.consumed"))[0]).isEqualTo((byte) 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, SIZE - Long.BYTES + 1, SIZE, Long.MAX_VALUE, Long.MIN_VALUE})
    void whatCannotBePaddingIsRefusedAndWhatCameBeforeIsConsumed(long padding) throws Exception {
        ring.putLong(SIZE, padding);
        assertThatThrownBy(() -> drain("padding", 3, 0))
                .isInstanceOf(IOException.class)
                .hasMessage(relayFile + ": sub-buffer 1 has no padding header: padding=" + padding
                        + ", limit=0 to 4088; record without --mmap");
        assertThat(folder.resolve("out")).hasSize(SIZE);
        assertThat(Files.readAllBytes(folder.resolve("cpu0.consumed"))[0]).isEqualTo((byte) 1);
    }

    @Test
    void fourBytesAreAnUnsignedNumber() throws Exception {
        ring.putInt(0, 96).putInt(4, -1);
        ring.putInt(SIZE, SIZE - Integer.BYTES);
        assertThat(drain("padding4", 2, 0)).isEqualTo(SIZE - 96 + Integer.BYTES);
        Files.delete(folder.resolve("out"));
        ring.putInt(0, -1);
        assertThatThrownBy(() -> drain("padding4", 2, 0))
                .hasMessageContaining("padding=4294967295, limit=0 to 4092; record without --mmap");
    }
}
