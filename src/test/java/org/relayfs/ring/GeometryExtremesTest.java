package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;

/// The smallest and the largest buffers. The memory is sparse: only what is touched is there, so that 64 MiB
/// do (field case 28).
class GeometryExtremesTest {
    private static final byte[] BYTE = {7};

    @Test
    void countsMoreTinyRecordsInALargeSubBufferThanItsFieldHolds() {
        long size = 1L << 31;
        int records = (1 << 24) + 5;
        RingBuffer buffer = new TestBuffers(size, 1, records).create(new Geometry(size, 1, 0), true);
        RecordWriter writer = TestBuffers.writer(buffer);
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

    @Test
    void subBuffersOfOneByteHoldOneRecordEach() {
        RingBuffer buffer = new TestBuffers(4096, 3).create(new Geometry(1, 3, 0), false);
        RecordWriter writer = TestBuffers.writer(buffer);
        for (int i = 0; i < 3; i++) {
            assertThat(writer.write(0, BYTE, 0, 1)).isEqualTo(1);
        }
        assertThat(writer.write(0, BYTE, 0, 1)).isEqualTo(WriteResult.FULL);
        assertThat(writer.write(0, new byte[2], 0, 2)).isEqualTo(WriteResult.TOO_BIG);
        assertThat(read(buffer, 10)).containsExactly(7, 7, 7);
        assertThat(writer.write(0, BYTE, 0, 1)).isEqualTo(1);
    }

    @Test
    void aBufferMayHaveHalfAMillionSubBuffers() {
        int count = Geometry.MAX_SUB_BUFFER_COUNT;
        RingBuffer buffer = new TestBuffers(count, count).create(new Geometry(1, count, 0), false);
        RecordWriter writer = TestBuffers.writer(buffer);
        for (int lap = 0; lap < 2; lap++) {
            int written = 0;
            while (writer.write(0, BYTE, 0, 1) == 1) {
                written++;
            }
            assertThat(written).isEqualTo(count);
            assertThat(buffer.isFull()).isTrue();
            assertThat(read(buffer, count + 1)).hasSize(count).containsOnly(7);
        }
        assertThat(buffer.produced()).isEqualTo(2L * count);
    }

    @Test
    void offsetsBeyondAnIntAreRight() {
        long size = (1L << 30) - 1;
        RingBuffer buffer = new TestBuffers(1L << 31, 2, 4096).create(new Geometry(size, 2, 0), false);
        // The first fills a sub-buffer but for a byte without touching its memory: nothing is stored in it.
        RingReservation reservation = new RingReservation();
        assertThat(buffer.reserve(reservation, (int) size - 1)).isEqualTo((int) size - 1);
        reservation.putByte(size - 2, (byte) 1);
        reservation.commit();
        RecordWriter writer = TestBuffers.writer(buffer);
        writer.write(0, BYTE, 0, 1);
        assertThat(buffer.reserve(reservation, (int) size)).isEqualTo((int) size);
        reservation.putByte(size - 1, (byte) 9);
        reservation.commit();
        assertThat(writer.write(0, BYTE, 0, 1)).isEqualTo(WriteResult.FULL);
        assertThat(buffer.fileSize()).isEqualTo(2 * size);
        assertThat(buffer.data().get(ValueLayout.JAVA_BYTE, size - 2)).isEqualTo((byte) 1);
        assertThat(buffer.data().get(ValueLayout.JAVA_BYTE, size - 1)).isEqualTo((byte) 7);
        assertThat(buffer.data().get(ValueLayout.JAVA_BYTE, 2 * size - 1)).isEqualTo((byte) 9);
        assertThat(buffer.stats().ready()).isEqualTo(2 * size);
        buffer.subBuffersConsumed(2);
        assertThat(writer.write(0, BYTE, 0, 1)).isEqualTo(1);
    }

    @Test
    void positionsEndInARefusal() {
        TestBuffers memory = new TestBuffers(1 << 20, 2);
        Geometry geometry = new Geometry(1 << 16, 2, 0);
        RingBuffer buffer = memory.create(geometry, true);
        // Two laps before the end.
        long lap = geometry.lastLap() - 1;
        for (int index = 0; index < 2; index++) {
            SubBufferTable.setCompletePlain(buffer.ring.entry(index), lap);
        }
        long position = lap * 2;
        BufferHeader.consumedRelease(memory.region(), position);
        BufferHeader.setWordVolatile(memory.region(), BufferHeader.DELIVERED_OFFSET, position);
        BufferHeader.setWordVolatile(
                memory.region(), BufferHeader.RESERVE_OFFSET, geometry.reserveWord(lap, 0, 0, geometry.liveBit()));
        RecordWriter writer = TestBuffers.writer(buffer);
        byte[] record = new byte[1 << 16];
        for (int i = 0; i < 4; i++) {
            assertThat(writer.write(0, record, 0, record.length)).isEqualTo(record.length);
            assertThat(read(buffer, record.length)).hasSize(record.length);
        }
        assertThat(writer.write(0, record, 0, record.length)).isEqualTo(WriteResult.STRAGGLER);
        buffer.flush();
        assertThat(writer.write(0, BYTE, 0, 1)).isEqualTo(WriteResult.STRAGGLER);
        assertThat(buffer.ring.reserve()).isPositive();
    }

    private static byte[] read(RingBuffer buffer, int length) {
        MemorySegment target = MemorySegment.ofArray(new byte[length]);
        int read = buffer.read(target, 0, length);
        return target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE);
    }
}
