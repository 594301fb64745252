package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.layout.Geometry;

/// Reads that are gathered from more places than a few: around each of the limits on their number.
class PiecesTest {
    private static final int SIZE = 16;
    private static final int LENGTH = 5;

    /// The lengths of the pieces that one read hands on, and the bytes themselves.
    private record Read(List<Long> lengths, List<Byte> bytes) {}

    private static Read read(RingBuffer buffer, long length) throws IOException {
        Read read = new Read(new ArrayList<>(), new ArrayList<>());
        long total = buffer.read(length, (pieces, count, sum) -> {
            for (int i = 0; i < count; i++) {
                read.lengths.add(pieces[i].byteSize());
                for (byte value : pieces[i].toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)) {
                    read.bytes.add(value);
                }
            }
            return true;
        });
        assertThat(total).isEqualTo(read.bytes.size());
        return read;
    }

    /// Each sub-buffer ends in padding, so that none is a neighbour of the next one.
    private static RingBuffer filled(int subBuffers, boolean overwrite) {
        RingBuffer buffer = new TestBuffers((subBuffers + 1L) * SIZE, subBuffers + 1)
                .create(new Geometry(SIZE, subBuffers + 1, 0), overwrite);
        RecordWriter writer = TestBuffers.writer(buffer);
        for (int i = 0; i < subBuffers; i++) {
            byte[] record = new byte[LENGTH];
            java.util.Arrays.fill(record, (byte) (i % 251));
            assertThat(writer.write(0, record, 0, LENGTH)).isEqualTo(LENGTH);
            buffer.flush();
        }
        return buffer;
    }

    private static List<Byte> expected(int subBuffers) {
        List<Byte> bytes = new ArrayList<>();
        for (int i = 0; i < subBuffers; i++) {
            for (int j = 0; j < LENGTH; j++) {
                bytes.add((byte) (i % 251));
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 128, 129, 255, 256})
    void upTo256PiecesAreHandedOnInPlace(int subBuffers) throws IOException {
        Read read = read(filled(subBuffers, false), 1 << 20);
        assertThat(read.lengths).hasSize(subBuffers).containsOnly((long) LENGTH);
        assertThat(read.bytes).isEqualTo(expected(subBuffers));
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 258, 600})
    void moreAreCopiedIntoOne(int subBuffers) throws IOException {
        Read read = read(filled(subBuffers, false), 1 << 20);
        assertThat(read.lengths).containsExactly((long) subBuffers * LENGTH);
        assertThat(read.bytes).isEqualTo(expected(subBuffers));
    }

    /// Sub-buffers without padding lie behind one another, but for the step from the last to the first.
    @Test
    void neighboursAreOnePiece() throws IOException {
        RingBuffer buffer = new TestBuffers(4L * SIZE, 4).create(new Geometry(SIZE, 4, 0), false);
        RecordWriter writer = TestBuffers.writer(buffer);
        for (int i = 0; i < 2; i++) {
            writer.write(0, new byte[SIZE], 0, SIZE);
        }
        assertThat(read(buffer, 1 << 20).lengths).containsExactly(2L * SIZE);
        for (int i = 0; i < 3; i++) {
            assertThat(writer.write(0, new byte[SIZE], 0, SIZE)).isEqualTo(SIZE);
        }
        assertThat(read(buffer, 1 << 20).lengths).containsExactly(2L * SIZE, (long) SIZE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 129, 257})
    void inOverwriteModeAllAreCopied(int subBuffers) throws IOException {
        Read read = read(filled(subBuffers, true), 1 << 20);
        assertThat(read.lengths).containsExactly((long) subBuffers * LENGTH);
        assertThat(read.bytes).isEqualTo(expected(subBuffers));
    }
}
