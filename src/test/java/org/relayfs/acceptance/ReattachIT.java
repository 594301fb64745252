package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.AttachedChannel;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.fuse.MountOptions;
import org.relayfs.reader.ChannelConsumer;
import org.relayfs.reader.ChannelObserver;
import org.relayfs.reader.ReaderState;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Who writes, observes or consumes by the path of a channel, and the channel is destroyed and created again. In a
/// process of its own: this one serves the mount.
@MountTest
@Timeout(60)
class ReattachIT {
    /// Does what it is told, a word a line, and says what came of it.
    static final class Follower {
        private Follower() {}

        /// Attaches in all ways.
        ///
        /// @param args the channel's directory
        public static void main(String[] args) throws Exception {
            Path path = Path.of(args[0]);
            try (AttachedChannel writer = AttachedChannel.attach(path);
                    ChannelObserver observer = ChannelObserver.open(path, ChannelObserver.Start.OLDEST);
                    ChannelConsumer consumer = ChannelConsumer.open(path)) {
                Reservation open = writer.newReservation();
                System.out.println("attached");
                for (int command; (command = System.in.read()) >= 0; ) {
                    switch (command) {
                        case 'w' -> System.out.println("wrote " + writer.write(bytes("record")));
                        case 'r' -> System.out.println("reserved " + writer.reserve(open, 4));
                        case 'c' -> {
                            open.commit();
                            System.out.println("committed");
                        }
                        case 'a' ->
                            System.out.println("again " + writer.reattach() + " " + observer.reopen() + " "
                                    + consumer.reopen() + " " + writer.isOwnerAlive());
                        case 'o' -> System.out.println("seen " + observe(observer) + " " + observer.state());
                        case 't' -> System.out.println("took " + take(consumer) + " " + consumer.state());
                        default -> {
                            // The end of a line.
                        }
                    }
                }
            }
        }

        private static String observe(ChannelObserver observer) throws IOException {
            MemorySegment target = MemorySegment.ofArray(new byte[4096]);
            observer.await(300, TimeUnit.MILLISECONDS);
            int read = observer.buffers().getFirst().read(target, 0, 4096);
            return new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        }

        private static long take(ChannelConsumer consumer) throws IOException {
            consumer.await(0, TimeUnit.SECONDS);
            return consumer.buffers().getFirst().take((pieces, count, total) -> true);
        }
    }

    private static String tell(Client client, String command) throws Exception {
        client.input().write(bytes(command + "\n"));
        client.input().flush();
        return client.takeLine(20_000);
    }

    @Test
    void whoWasAttachedGoesOnInTheChannelThatWasCreatedAgain() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.sh("echo create app global=1 > control");
            try (Client follower = Client.startJava(Follower.class, mount.file("app"))) {
                follower.awaitLine("attached");
                assertThat(tell(follower, "w")).isEqualTo("wrote 6");
                assertThat(tell(follower, "o")).isEqualTo("seen record OPEN");
                assertThat(tell(follower, "a")).as("still the same").isEqualTo("again false false false true");
                assertThat(tell(follower, "r")).isEqualTo("reserved 4");
                mount.sh("echo 0 > app/create");
                assertThat(tell(follower, "w")).isEqualTo("wrote " + WriteResult.CLOSED);
                assertThat(tell(follower, "a")).as("there is none").startsWith("again false false false");
                mount.sh("echo 1 > app/create");
                assertThat(tell(follower, "w")).isEqualTo("wrote " + WriteResult.CLOSED);
                assertThat(tell(follower, "a")).isEqualTo("again true true true true");
                assertThat(tell(follower, "a")).isEqualTo("again false false false true");
                assertThat(tell(follower, "c")).as("in the old one").isEqualTo("committed");
                assertThat(tell(follower, "w")).isEqualTo("wrote 6");
                assertThat(tell(follower, "o")).isEqualTo("seen record " + ReaderState.OPEN);
                mount.sh("echo 1 > app/flush");
                assertThat(tell(follower, "t")).isEqualTo("took 6 OPEN");
                assertThat(mount.sh("cat app/cpu0.consumed | od -An -td8")).isEqualTo("1");
                follower.input().close();
                follower.awaitSuccess();
            }
        }
    }

    /// The daemon is another one, too.
    @Test
    void whoWasAttachedGoesOnAtTheNextMount() throws Exception {
        Path folder = Files.createTempDirectory("relayfs-reattach");
        TestMount mount = TestMount.open(folder, MountOptions.defaults());
        mount.sh("echo create app global=1 > control");
        try (Client follower = Client.startJava(Follower.class, mount.file("app"))) {
            follower.awaitLine("attached");
            assertThat(tell(follower, "w")).isEqualTo("wrote 6");
            // The consumer has a file of the mount open.
            mount.mount().close();
            mount.relay().close();
            assertThat(tell(follower, "a")).startsWith("again false false false false");
            try (TestMount next = TestMount.open(folder, MountOptions.defaults())) {
                next.sh("echo create app global=1 > control");
                assertThat(tell(follower, "a")).isEqualTo("again true true true true");
                assertThat(tell(follower, "w")).isEqualTo("wrote 6");
                assertThat(next.sh("cat app/cpu0")).isEqualTo("record");
                follower.input().close();
                follower.awaitSuccess();
            }
        } finally {
            mount.close();
            Files.deleteIfExists(folder);
        }
    }
}
