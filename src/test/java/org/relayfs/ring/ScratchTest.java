package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.relayfs.layout.Geometry;

class ScratchTest {
    private static final int BUFFERS = 64;

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void readersOfManyFlightRecordersShareTheirMemory() {
        long before = directMemory();
        List<RingBuffer> buffers = new ArrayList<>();
        MemorySegment target = MemorySegment.ofArray(new byte[64]);
        for (int i = 0; i < BUFFERS; i++) {
            RingBuffer buffer = new TestBuffers(128, 2).create(new Geometry(64, 2, 0), true);
            TestBuffers.writer(buffer).write(0, new byte[10], 0, 10);
            assertThat(buffer.read(target, 0, 64)).isEqualTo(10);
            buffers.add(buffer);
        }
        assertThat(buffers).hasSize(BUFFERS);
        assertThat(directMemory() - before).isLessThanOrEqualTo(8 * Scratch.SIZE);
    }
}
