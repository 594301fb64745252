package org.relayfs.reader;

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
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.AttachedChannel;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.Reservation;
import org.relayfs.memory.SharedFolder;
import org.relayfs.reader.ChannelObserver.Start;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Observers and the other processes of a channel, some of which are killed.
@MountTest
@Timeout(120)
class ObserverLifeIT {
    private static final ChannelConfig CONFIG = ChannelConfig.of(4096, 4).withGlobal(true);

    @TempDir
    Path folder;

    /// Owns a channel, writes a record, and waits to be killed.
    static final class Owner {
        private Owner() {}

        /// Owns.
        ///
        /// @param args none
        public static void main(String[] args) throws IOException {
            RelayChannel channel = Relay.create().open("app", CONFIG);
            channel.write(bytes("of the owner"));
            System.out.println("owns " + channel.folder());
            while (System.in.read() >= 0) {
                // Until it is killed.
            }
        }
    }

    /// Reserves in an attached process, and waits to be killed.
    static final class Victim {
        private Victim() {}

        /// Reserves.
        ///
        /// @param args the channel's folder
        public static void main(String[] args) throws IOException {
            AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]));
            Reservation reservation = channel.newReservation();
            System.out.println("reserved " + channel.reserve(reservation, 20));
            while (System.in.read() >= 0) {
                // Until it is killed.
            }
        }
    }

    /// Prints what it observes, until the channel is closed.
    static final class Watcher {
        private Watcher() {}

        /// Watches.
        ///
        /// @param args the channel's folder
        public static void main(String[] args) throws IOException {
            try (ChannelObserver observer = ChannelObserver.open(Path.of(args[0]), Start.OLDEST)) {
                System.out.println("ready");
                while (observer.state() == ReaderState.OPEN) {
                    observer.await(1000, TimeUnit.MILLISECONDS);
                    observer.buffers().forEach(buffer -> System.out.println(read(buffer)));
                }
            }
        }
    }

    private static String read(ObservedBuffer buffer) {
        MemorySegment target = MemorySegment.ofArray(new byte[4096]);
        int length = buffer.read(target, 0, 4096);
        return new String(target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }

    @Test
    void theOwnersDeathEndsAnObservation() throws Exception {
        try (Client owner = Client.startJava(Owner.class)) {
            Path memory = Path.of(owner.awaitLine("owns ").substring(5));
            try (ChannelObserver observer = ChannelObserver.open(memory, Start.OLDEST);
                    AttachedChannel writer = AttachedChannel.attach(memory)) {
                ObservedBuffer buffer = observer.buffers().getFirst();
                assertThat(read(buffer)).isEqualTo("of the owner");
                assertThat(observer.await(0, TimeUnit.MILLISECONDS)).isFalse();
                assertThat(observer.state()).isEqualTo(ReaderState.OPEN);
                owner.close();
                long before = System.nanoTime();
                assertThat(observer.await(30_000, TimeUnit.MILLISECONDS)).isFalse();
                assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
                assertThat(observer.state()).isEqualTo(ReaderState.OWNER_GONE);
                // Who is still there goes on to write, and is still seen.
                assertThat(writer.write(bytes("of a survivor"))).isPositive();
                assertThat(observer.state()).isEqualTo(ReaderState.OPEN);
                assertThat(observer.await(0, TimeUnit.MILLISECONDS)).isTrue();
                assertThat(read(buffer)).isEqualTo("of a survivor");
                assertThat(observer.state()).isEqualTo(ReaderState.OWNER_GONE);
            } finally {
                SharedFolder.remove(memory.getParent());
                SharedFolder.removeHomeIfEmpty(memory.getParent());
            }
        }
    }

    @Test
    void aDeadWriterDoesNotHoldUpAnObserverThatWaits() throws Exception {
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("app", CONFIG)) {
            try (Client victim = Client.startJava(Victim.class, channel.folder().toString());
                    ChannelObserver observer = ChannelObserver.open(channel.folder(), Start.OLDEST)) {
                victim.awaitLine("reserved 20");
                channel.write(bytes("after"));
                channel.flush();
                assertThat(observer.await(300, TimeUnit.MILLISECONDS))
                        .as("its writer is alive")
                        .isFalse();
                victim.close();
                assertThat(observer.await(20_000, TimeUnit.MILLISECONDS)).isTrue();
                assertThat(read(observer.buffers().getFirst())).isEqualTo("after");
            }
        }
    }

    @Test
    void aProgramThatOnlyObservesLoadsNothingOfTheMount() throws Exception {
        Path log = folder.resolve("classes");
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG);
                Client watcher = Client.startJava(
                        Watcher.class,
                        "-Xlog:class+load:file=" + log,
                        "--",
                        channel.folder().toString())) {
            watcher.awaitReady();
            channel.write(bytes("seen"));
            assertThat(watcher.awaitLine("seen")).isEqualTo("seen");
            channel.close();
            watcher.awaitSuccess();
        }
        assertThat(Files.readString(log))
                .contains(" org.relayfs.ring.Observation ")
                .doesNotContain(" jnr.")
                .doesNotContain(" ru.serce.")
                .doesNotContain(" org.relayfs.fuse.")
                .doesNotContain(" org.relayfs.tree.")
                .doesNotContain(" org.relayfs.Relay ")
                .doesNotContain(" org.slf4j.");
    }
}
