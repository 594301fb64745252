package org.relayfs.fuse.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.wire.RecordedDevice;
import org.relayfs.linux.Errno;
import org.relayfs.ring.RingBuffer;

final class ReadQueueTest {
    private static final long UNIQUE = 42;

    @TempDir
    private Path folder;

    private final OpenRelayFile reader = new OpenRelayFile(0, true, 0);
    private final WaitingRequests all = new WaitingRequests();
    private Relay relay;
    private RelayChannel channel;
    private RingBuffer buffer;
    private RecordedDevice device;
    private ThreadTools tools;
    private ReadQueue queue;

    @BeforeEach
    void open() throws IOException {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(4096, 4).withGlobal(true));
        buffer = (RingBuffer) channel.buffers().getFirst();
        device = RecordedDevice.in(folder);
        tools = ThreadTools.of(Arena.ofAuto(), device.descriptor());
        queue = new ReadQueue(buffer, all);
    }

    @AfterEach
    void close() {
        relay.close();
        device.close();
    }

    private ReadRequest read(long unique) {
        return new ReadRequest(unique, reader, 0, 4096);
    }

    private void log(String record) {
        channel.write(record.getBytes(StandardCharsets.US_ASCII));
    }

    private String text() throws IOException {
        RecordedDevice.Message message = device.only();
        assertThat(message.error()).isZero();
        return new String(message.body(), StandardCharsets.US_ASCII);
    }

    private void assertInterrupted() throws IOException {
        RecordedDevice.Message message = device.only();
        assertThat(message.unique()).isEqualTo(UNIQUE);
        assertThat(message.error()).isEqualTo(Errno.EINTR.negative());
        assertThat(all.count(ReadQueue.class)).isZero();
    }

    @Test
    void aReadWaitsForARecord() throws IOException {
        queue.park(read(UNIQUE), tools);
        assertThat(device.sent()).isEmpty();
        assertThat(queue.areWaiting()).isTrue();
        assertThat(all.count(ReadQueue.class)).isEqualTo(1);
        log("record");
        queue.serve(tools);
        assertThat(text()).isEqualTo("record");
        assertThat(queue.areWaiting()).isFalse();
        assertThat(all.count(ReadQueue.class)).isZero();
    }

    @Test
    void aReadIsAnsweredWhenThereIsSomethingAlready() throws IOException {
        log("record");
        queue.park(read(UNIQUE), tools);
        assertThat(text()).isEqualTo("record");
        assertThat(queue.areWaiting()).isFalse();
    }

    @Test
    void anInterruptEndsTheWaitOnce() throws IOException {
        queue.park(read(UNIQUE), tools);
        queue.interrupt(UNIQUE + 1, tools.replies());
        assertThat(device.sent()).isEmpty();
        assertThat(all.interrupt(UNIQUE)).isSameAs(queue);
        queue.interrupt(UNIQUE, tools.replies());
        assertInterrupted();
        queue.interrupt(UNIQUE, tools.replies());
        log("record");
        queue.serve(tools);
        assertThat(device.sent()).isEmpty();
    }

    /// Another thread may read the INTERRUPT before this one has parked the read.
    @Test
    void anInterruptThatComesFirstIsRemembered() throws IOException {
        assertThat(all.interrupt(UNIQUE)).isNull();
        assertThat(all.interrupt(UNIQUE + 1)).isNull();
        queue.park(read(UNIQUE), tools);
        assertInterrupted();
        queue.park(read(UNIQUE + 2), tools);
        assertThat(device.sent()).isEmpty();
    }

    @Test
    void nothingWaitsAtTheEnd() throws IOException {
        assertThat(queue.mayWait()).isTrue();
        queue.park(read(UNIQUE), tools);
        all.end();
        assertThat(queue.mayWait()).isFalse();
        queue.serve(tools);
        assertThat(text()).isEmpty();
    }

    @Test
    void nothingWaitsOnAClosedChannel() throws IOException {
        queue.park(read(UNIQUE), tools);
        channel.close();
        assertThat(queue.mayWait()).isFalse();
        queue.serve(tools);
        assertThat(text()).isEmpty();
    }

    @Test
    void readsAreServedInOrderAsFarAsThereIsSomething() throws IOException {
        queue.park(read(UNIQUE), tools);
        queue.park(read(UNIQUE + 1), tools);
        log("record");
        queue.serve(tools);
        assertThat(device.only().unique()).isEqualTo(UNIQUE);
        assertThat(queue.areWaiting()).isTrue();
    }

    /// A delivery after the look at the buffer tells again.
    @Test
    void whoWaitsIsToldOfTheNextDelivery() {
        int[] told = {0};
        buffer.setDeliveryListener(delivered -> told[0]++);
        queue.park(read(UNIQUE), tools);
        log("record");
        channel.flush();
        assertThat(told[0]).isEqualTo(1);
    }

    @Test
    void whatTheKernelDoesNotTakeIsNotConsumed() throws IOException {
        queue.park(read(UNIQUE), tools);
        log("record");
        try (RecordedDevice full = RecordedDevice.refusing()) {
            queue.serve(ThreadTools.of(Arena.ofAuto(), full.descriptor()));
        }
        assertThat(queue.areWaiting()).as("EIO was the answer").isFalse();
        assertThat(reader.ahead(0)).isZero();
        assertThat(reader.ahead(6)).as("the position was taken back").isEqualTo(6);
        queue.park(read(UNIQUE + 1), tools);
        assertThat(text()).isEqualTo("record");
        assertThat(reader.ahead(6)).isZero();
    }
}
