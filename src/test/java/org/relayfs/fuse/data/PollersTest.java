package org.relayfs.fuse.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.Poller;
import org.relayfs.fuse.wire.RecordedDevice;

final class PollersTest {
    @TempDir
    private Path folder;

    private final Pollers pollers = new Pollers();
    private RecordedDevice device;

    @BeforeEach
    void open() throws IOException {
        device = RecordedDevice.in(folder);
    }

    @AfterEach
    void close() {
        device.close();
    }

    /// The kernel knows it by ten times its handle.
    private void add(long handle) {
        pollers.add(handle, new Poller(new FuseDevice(device.descriptor()), 10 * handle));
    }

    private List<Long> woken() throws IOException {
        return device.sent().stream().map(message -> message.longAt(0)).toList();
    }

    @Test
    void theFirstIsWokenAlone() throws IOException {
        add(1);
        add(1);
        assertThat(pollers.hasOthers()).isFalse();
        add(2);
        assertThat(pollers.hasOthers()).isTrue();
        pollers.wakeFirst();
        assertThat(woken()).containsExactly(10L);
        pollers.wakeFirst();
        assertThat(woken()).isEmpty();
    }

    @Test
    void eachIsWokenOnce() throws IOException {
        add(1);
        add(2);
        add(3);
        add(2);
        pollers.wakeAll();
        assertThat(woken()).containsExactlyInAnyOrder(10L, 20L, 30L);
        assertThat(pollers.hasOthers()).isFalse();
        pollers.wakeAll();
        assertThat(woken()).isEmpty();
        add(1);
        add(2);
        pollers.wakeAll();
        assertThat(woken()).as("asked again").containsExactlyInAnyOrder(10L, 20L);
    }

    @Test
    void whoIsRemovedIsNotWoken() throws IOException {
        add(1);
        add(2);
        add(3);
        pollers.remove(2);
        assertThat(pollers.hasOthers()).isTrue();
        pollers.remove(1);
        pollers.wakeAll();
        assertThat(woken()).containsExactly(30L);
        add(4);
        add(5);
        pollers.remove(5);
        assertThat(pollers.hasOthers()).isFalse();
        pollers.remove(4);
        pollers.wakeAll();
        assertThat(woken()).isEmpty();
    }
}
