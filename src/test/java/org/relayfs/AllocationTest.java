package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AllocationTest {
    private static final int RECORDS = 500_000;
    private static final int ROUNDS = 40;

    @Test
    void recordsAndSwitchesAllocateNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] record = new byte[64];
        try (Relay relay = Relay.create()) {
            RelayChannel channel =
                    relay.open("records", ChannelConfig.of(4096, 8).withMode(ChannelMode.OVERWRITE));
            long allocated = Long.MAX_VALUE;
            // Until the JIT has done its work there are method handles to be linked and boxes to be made.
            for (int round = 0; round < ROUNDS && allocated != 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < RECORDS; i++) {
                    channel.write(record, 0, record.length);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated).isZero();
        }
    }
}
