package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.memory.RemovedMemory;
import org.relayfs.memory.SharedFolder;

/// Field case 10: somebody removes an owner's folder while it lives.
class RemovedFolderTest {
    private static final ChannelConfig CONFIG = ChannelConfig.of(4096, 4).withGlobal(true);

    @Test
    void itsChannelsGoOnAndNewOnesGetAFolder() throws Exception {
        long self = ProcessHandle.current().pid();
        awaitNoOwner(self);
        Path before;
        Path after;
        try (Relay relay = Relay.create()) {
            RelayChannel old = relay.open("old", CONFIG);
            before = relay.folder();
            assertThat(RemovedMemory.owners()).doesNotContain(self);
            SharedFolder.remove(before);
            assertThat(RemovedMemory.owners()).contains(self);

            RelayChannel fresh = relay.open("fresh", CONFIG);
            after = relay.folder();
            assertThat(after).isNotEqualTo(before).isDirectory();
            try (AttachedChannel attached = AttachedChannel.attach(fresh.folder())) {
                assertThat(attached.isOwnerAlive()).isTrue();
                assertThat(attached.write(bytes("from outside"))).isPositive();
            }
            old.write(bytes("still here"));
            assertThat(read(old.buffers().getFirst(), 100)).isEqualTo("still here");
            ChannelBuffer buffer = fresh.buffers().getFirst();
            assertThat(read(buffer, 100)).isEqualTo("from outside");
            relay.open("next", CONFIG);
            assertThat(relay.folder()).isEqualTo(after);
        }
        assertThat(after).doesNotExist();
        assertThat(before).doesNotExist();
        awaitNoOwner(self);
    }

    /// What tests have closed is unmapped when it is collected as garbage.
    private static void awaitNoOwner(long pid) {
        Awaitility.await().untilAsserted(() -> {
            System.gc();
            assertThat(RemovedMemory.owners()).doesNotContain(pid);
        });
    }

    @Test
    void thatOfTheUserIsMadeAgainAsWell() throws Exception {
        try (Relay relay = Relay.create()) {
            Path home = relay.folder().getParent();
            Path aside = home.resolveSibling("aside-" + relay.folder().getFileName());
            Files.move(home, aside);
            try {
                relay.open("app", CONFIG);
                assertThat(relay.folder()).isDirectory();
            } finally {
                SharedFolder.remove(aside);
            }
        }
    }
}
