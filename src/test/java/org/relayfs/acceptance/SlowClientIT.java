package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Sandbox;

/// A client's code that does not come back holds the request that called it, and no other.
@MountTest
@Timeout(60)
class SlowClientIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean slow = new AtomicBoolean();

    private final ChannelCallbacks callbacks = new ChannelCallbacks() {
        @Override
        public boolean onSubBufferStart(SubBufferStart start) {
            if (slow.get()) {
                called.countDown();
                try {
                    assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return !start.isFull();
        }
    };

    @Test
    void otherFilesAreServedMeanwhile() throws Exception {
        Relay relay = sandbox.mount();
        relay.open("slow", ChannelConfig.of(64, 4).withGlobal(true).withCallbacks(callbacks));
        RelayChannel quick = relay.open("quick", ChannelConfig.of(64, 4).withGlobal(true));
        slow.set(true);
        Thread flusher = Thread.ofPlatform().start(() -> {
            try {
                sandbox.sh("echo 1 > slow/flush").succeeded();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        try {
            assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                byte[] record = ("record " + i + "\n").getBytes(StandardCharsets.US_ASCII);
                assertThat(quick.write(record)).isEqualTo(record.length);
                assertThat(sandbox.sh("cat quick/cpu0").succeeded().out()).isEqualTo("record " + i + "\n");
            }
            assertThat(flusher.isAlive()).isTrue();
        } finally {
            slow.set(false);
            release.countDown();
            flusher.join();
        }
    }
}
