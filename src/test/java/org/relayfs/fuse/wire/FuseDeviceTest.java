package org.relayfs.fuse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FuseDeviceTest {
    @TempDir
    private Path folder;

    private static MemorySegment notification() {
        MemorySegment message = Arena.ofAuto().allocate(FuseProtocol.OUT_HEADER_SIZE, 8);
        message.set(ValueLayout.JAVA_INT, FuseProtocol.OUT_LENGTH, FuseProtocol.OUT_HEADER_SIZE);
        return message;
    }

    @Test
    void nothingIsPostedOnceItIsClosed() throws IOException {
        try (RecordedDevice file = RecordedDevice.in(folder)) {
            FuseDevice device = new FuseDevice(file.descriptor());
            device.post(notification());
            device.post(notification());
            assertThat(file.sent()).hasSize(2);
            assertThat(device.close(1000)).as("nobody posts").isTrue();
            device.post(notification());
            assertThat(file.sent()).isEmpty();
            assertThat(device.close(1000)).as("closed twice").isTrue();
            device.post(notification());
            assertThat(file.sent()).isEmpty();
        }
    }
}
