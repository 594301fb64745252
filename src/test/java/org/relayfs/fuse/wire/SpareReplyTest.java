package org.relayfs.fuse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.linux.Errno;

final class SpareReplyTest {
    @TempDir
    private Path folder;

    @Test
    void itIsAnErrorForOneRequestAfterAnother() throws Exception {
        try (RecordedDevice file = RecordedDevice.in(folder)) {
            SpareReply spare = new SpareReply(new FuseDevice(file.descriptor()));
            spare.refuse(7);
            spare.refuse(1L << 40);
            assertThat(file.sent()).hasSize(2).allMatch(message -> message.error() == Errno.EIO.negative());
            spare.refuse(9);
            assertThat(file.only().unique()).isEqualTo(9);
        }
    }
}
