package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.RecordedDevice;
import org.relayfs.ring.RingBuffer;

final class CachedPagesTest {
    private static final int PAGE = 4096;
    private static final long NODE = 9;

    @TempDir
    private Path folder;

    private Relay relay;
    private RelayChannel channel;
    private RingBuffer buffer;
    private RecordedDevice device;
    private ThreadTools tools;
    private CachedPages pages;

    @BeforeEach
    void open() throws IOException {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(PAGE, 2).withGlobal(true));
        buffer = (RingBuffer) channel.buffers().getFirst();
        device = RecordedDevice.in(folder);
        tools = ThreadTools.of(Arena.ofAuto(), device.descriptor());
        pages = new CachedPages(NODE, buffer);
    }

    @AfterEach
    void close() {
        relay.close();
        device.close();
    }

    private byte[] fill(long offset, int size) throws IOException {
        pages.fill(
                RecordedDevice.request(FuseProtocol.READ, 1, NODE, body -> {
                    body.set(JAVA_LONG, FuseProtocol.READ_OFFSET, offset);
                    body.set(JAVA_INT, FuseProtocol.READ_SIZE, size);
                }),
                tools);
        return device.only().body();
    }

    private void produce(int bytes) {
        byte[] record = new byte[bytes];
        Arrays.fill(record, (byte) 'r');
        channel.write(record);
        channel.flush();
    }

    @Test
    void beyondTheRingAreZeros() throws IOException {
        produce(PAGE);
        produce(PAGE);
        byte[] ring = new byte[2 * PAGE];
        Arrays.fill(ring, (byte) 'r');
        assertThat(fill(0, 2 * PAGE)).isEqualTo(ring);
        assertThat(fill(PAGE, 2 * PAGE)).isEqualTo(Arrays.copyOfRange(ring, PAGE, 3 * PAGE));
        assertThat(fill(2 * PAGE, PAGE)).isEqualTo(new byte[PAGE]);
        assertThat(fill(9 * PAGE, PAGE)).isEqualTo(new byte[PAGE]);
        assertThat(fill(PAGE, PAGE + 1)).hasSize(PAGE + 1).endsWith((byte) 'r', (byte) 0);
    }

    @Test
    void theyAreStaleOnceSomethingWasProduced() throws IOException {
        produce(100);
        assertThat(pages.areStale()).as("none was filled").isFalse();
        fill(0, PAGE);
        assertThat(pages.areUsed()).isTrue();
        assertThat(pages.areStale()).isTrue();
        pages.renew(tools.replies());
        assertThat(device.only().longAt(0)).isEqualTo(NODE);
        assertThat(pages.areStale()).isFalse();
        produce(100);
        assertThat(pages.areStale()).isTrue();
        pages.forget();
        assertThat(pages.areUsed()).isFalse();
        assertThat(pages.areStale()).isFalse();
    }

    /// A reset begins to count sub-buffers again.
    @Test
    void theyAreStaleAfterAResetThatLeadsToTheSameCount() throws IOException {
        produce(100);
        fill(0, PAGE);
        pages.renew(tools.replies());
        channel.reset();
        produce(200);
        assertThat(buffer.produced()).isEqualTo(1);
        assertThat(pages.areStale()).isTrue();
    }

    @Test
    void whoFillsAPageIsToldOfTheNextDelivery() throws IOException {
        int[] told = {0};
        buffer.setDeliveryListener(delivered -> told[0]++);
        fill(0, PAGE);
        produce(100);
        assertThat(told[0]).isEqualTo(1);
    }
}
