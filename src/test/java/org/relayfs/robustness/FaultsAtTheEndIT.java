package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// A mount ends while its cached pages are dropped and faulted in again all the time. Before it drops a page the
/// kernel waits for whoever is just reading it, that is, for an answer of the mount that ends.
@MountTest
class FaultsAtTheEndIT {
    private static final long WRITING_NS = 200_000_000;
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final int CLIENTS = 4;

    private static final String SCAN = """
            import mmap, sys
            with open(sys.argv[1], "rb", 0) as file:
                ring = mmap.mmap(file.fileno(), 1 << 20, mmap.MAP_SHARED, mmap.PROT_READ)
            print("ready", flush=True)
            while True:
                for at in range(0, 1 << 20, 4096):
                    ring[at]
            """;

    @RepeatedTest(3)
    void closingDoesNotWaitForThem() throws Exception {
        Client[] clients = new Client[CLIENTS];
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(MmapMode.CACHED))) {
            RelayChannel channel = mount.channel("app", 1 << 16, 16);
            for (int i = 0; i < CLIENTS; i++) {
                clients[i] = Client.start("python3", "-c", SCAN, mount.file("app/cpu0"))
                        .awaitReady();
            }
            byte[] record = new byte[8192];
            for (long end = System.nanoTime() + WRITING_NS; System.nanoTime() - end < 0; ) {
                channel.write(record);
                channel.buffers().getFirst().subBuffersConsumed(1);
                LockSupport.parkNanos(10_000);
            }
            long start = System.nanoTime();
            Thread writer = Thread.ofPlatform().start(() -> {
                while (mount.mount().isMounted()) {
                    channel.write(record);
                    channel.buffers().getFirst().subBuffersConsumed(1);
                }
            });
            mount.mount().close();
            writer.join();
            assertThat(System.nanoTime() - start).as("ns until it has ended").isLessThan(PATIENCE_NS);
            for (Client client : clients) {
                client.close();
                assertThat(client.isAlive()).as("cannot be killed: %s", client).isFalse();
            }
        } finally {
            for (Client client : clients) {
                if (client != null) {
                    client.close();
                }
            }
        }
    }
}
