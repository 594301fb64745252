package org.relayfs.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.relayfs.layout.Geometry;

/// The smallest and the largest buffers. The memory is sparse: only what is touched is there.
class GeometryExtremesTest {
    private static final byte[] BYTE = {7};

    @Test
    void countsMoreTinyRecordsInALargeSubBufferThanItsFieldHolds() {
        long size = 1L << 31;
        ChannelBuffer buffer = new TestBuffers(size, 1).create(new Geometry(size, 1, 0), true);
        RecordWriter writer = TestBuffers.writer(buffer);
        int records = (1 << 24) + 5;
        int written = 0;
        for (int i = 0; i < records; i++) {
            written += writer.write(0, BYTE, 0, 1);
        }
        assertThat(written).isEqualTo(records);
        assertThat(buffer.stats().records()).isEqualTo(records);
        buffer.flush();
        assertThat(buffer.produced()).isEqualTo(1);
        assertThat(buffer.stats().records()).isEqualTo(records);
        assertThat(writer.write(0, BYTE, 0, 1)).isEqualTo(1);
    }
}
