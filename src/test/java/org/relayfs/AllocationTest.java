package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;

@Timeout(120)
class AllocationTest {
    private static final int RECORDS = 200_000;
    private static final int MOST_ROUNDS = 100;
    private static final int CLEAN_ROUNDS = 10;

    /// Until the JIT has done its work there are method handles to be linked and boxes to be made. Then so many rounds
    /// in a row have to be clean that whatever is done once a record, a sub-buffer or a lap would show.
    @Test
    void recordsAndSwitchesAllocateNothing() throws Exception {
        try (Relay relay = Relay.create()) {
            RelayChannel channel =
                    relay.open("records", ChannelConfig.of(4096, 8).withMode(ChannelMode.OVERWRITE));
            byte[] record = new byte[64];
            int clean = 0;
            long last = 0;
            for (int round = 0; round < MOST_ROUNDS && clean < CLEAN_ROUNDS; round++) {
                last = allocated(channel, record);
                clean = last == 0 ? clean + 1 : 0;
            }
            assertThat(clean)
                    .as("clean rounds in a row; the last has allocated %d bytes", last)
                    .isEqualTo(CLEAN_ROUNDS);
        }
    }

    @Test
    void eventsAndSwitchesAllocateNothing() throws Exception {
        try (Relay relay = Relay.create()) {
            ChannelConfig config =
                    ChannelConfig.of(4096, 8).withMode(ChannelMode.OVERWRITE).withEvents(true);
            Events events = relay.open("events", config).events();
            EventLog pair = events.register(EventType.named("pair")
                    .field("first", FieldKind.I64)
                    .field("second", FieldKind.I64)
                    .build());
            EventLog text = events.register(
                    EventType.named("words").field("text", FieldKind.STRING).build());
            RecordLog<Instance> instances = events.register(MethodHandles.lookup(), Instance.class);
            int clean = 0;
            long last = 0;
            for (int round = 0; round < MOST_ROUNDS && clean < CLEAN_ROUNDS; round++) {
                last = allocated(pair, text, instances);
                clean = last == 0 ? clean + 1 : 0;
            }
            assertThat(clean)
                    .as("clean rounds in a row; the last has allocated %d bytes", last)
                    .isEqualTo(CLEAN_ROUNDS);
        }
    }

    private record Instance(long first, int second, double third, boolean fourth, Mode fifth, String sixth) {
        enum Mode {
            SOME
        }
    }

    private static long allocated(EventLog pair, EventLog text, RecordLog<Instance> instances) {
        Instance instance = new Instance(1, 2, 3, true, Instance.Mode.SOME, "some words");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RECORDS / 4; i++) {
            pair.log(i, i);
            text.begin().put("some words").commit();
            instances.log(instance);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static long allocated(RelayChannel channel, byte[] record) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RECORDS; i++) {
            channel.write(record, 0, record.length);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
