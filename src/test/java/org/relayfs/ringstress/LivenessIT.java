package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.relayfs.testing.Text.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.AttachedChannel;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;

/// Field cases 7 and 8: who lives is told rightly where pids and start times say something else, and a writer learns
/// that its owner is gone.
class LivenessIT {
    private static final ChannelConfig CONFIG = ChannelConfig.of(256, 4).withGlobal(true);

    /// Reserves at the first line of its input, and commits at the second.
    static final class SlowWriter {
        private SlowWriter() {}

        /// Writes.
        ///
        /// @param args the channel's folder
        public static void main(String[] args) throws IOException {
            try (AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]))) {
                Reservation reservation = channel.newReservation();
                int length = channel.reserve(reservation, 8);
                System.out.println("reserved " + length + " owner " + channel.isOwnerAlive());
                System.in.read();
                reservation.putLong(0, 0x7777777777777777L);
                reservation.commit();
                System.out.println("committed");
                System.in.read();
            }
        }
    }

    /// Owns a channel until it is killed.
    static final class Owner {
        private Owner() {}

        /// Owns.
        ///
        /// @param args the channel's mode
        public static void main(String[] args) throws IOException {
            try (Relay relay = Relay.create();
                    RelayChannel channel = relay.open("app", CONFIG.withMode(ChannelMode.valueOf(args[0])))) {
                System.out.println("folder " + channel.folder());
                while (System.in.read() >= 0) {
                    // Until it is killed.
                }
            }
        }
    }

    private static Client startIn(String namespace, Class<?> main, String argument) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare"));
        command.addAll(List.of(namespace.split(" ")));
        command.add("--fork");
        command.addAll(List.of("--kill-child", "--"));
        command.addAll(Client.java(main, argument));
        return Client.start(command);
    }

    private static void enter(Client client) throws IOException {
        client.input().write('\n');
        client.input().flush();
    }

    private static String pollFor(ChannelBuffer buffer, long maxMs) throws InterruptedException {
        long end = System.nanoTime() + maxMs * 1_000_000;
        StringBuilder text = new StringBuilder(read(buffer));
        while (text.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(1);
            text.append(read(buffer));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--time --boottime 100000", "--pid --mount-proc", "--pid"})
    void aWriterInAnotherNamespaceIsAliveAsLongAsItLives(String namespace) throws Exception {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "not root");
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            try (Client writer =
                    startIn(namespace, SlowWriter.class, channel.folder().toString())) {
                writer.awaitLine("reserved 8 owner true");
                channel.write("after".getBytes(StandardCharsets.US_ASCII));
                assertThat(pollFor(buffer, 300)).isEmpty();
                assertThat(buffer.stats().abandoned()).isZero();
                enter(writer);
                writer.awaitLine("committed");
                assertThat(pollFor(buffer, 5_000)).isEqualTo("wwwwwwwwafter");
            }
            assertThat(buffer.stats().abandoned()).isZero();
            assertThat(buffer.stats().records()).isEqualTo(2);
        }
    }

    @Test
    void aWriterInAnotherNamespaceThatIsKilledIsDead() throws Exception {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "not root");
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            try (Client writer = startIn(
                    "--pid --mount-proc", SlowWriter.class, channel.folder().toString())) {
                writer.awaitLine("reserved 8 owner true");
                channel.write("after".getBytes(StandardCharsets.US_ASCII));
                writer.signal("KILL");
                assertThat(pollFor(buffer, 5_000)).isEqualTo("after");
            }
            assertThat(buffer.stats().abandoned()).isEqualTo(1);
        }
    }

    @Test
    void aWriterWhoseOwnerIsKilledIsToldWhileItsWritesStillSucceed() throws Exception {
        try (Client owner = Client.startJava(Owner.class, "OVERWRITE")) {
            Path folder = Path.of(owner.awaitLine("folder ").substring("folder ".length()));
            try (AttachedChannel channel = AttachedChannel.attach(folder)) {
                assertThat(channel.isOwnerAlive()).isTrue();
                owner.signal("KILL");
                owner.awaitEnd();
                assertThat(channel.isOwnerAlive()).isFalse();
                assertThat(channel.write(new byte[100])).isEqualTo(100);
            } finally {
                SharedFolder.remove(folder.getParent());
            }
        }
    }

    @Test
    void aWriterThatWaitsForRoomOutlivesTheOwner() throws Exception {
        try (Client owner = Client.startJava(Owner.class, "NO_OVERWRITE")) {
            Path folder = Path.of(owner.awaitLine("folder ").substring("folder ".length()));
            try (AttachedChannel channel = AttachedChannel.attach(folder)) {
                byte[] record = new byte[100];
                while (channel.write(record) == record.length) {
                    // Until it is full.
                }
                FutureTask<Integer> waiting = new FutureTask<>(() -> channel.write(record, 500, TimeUnit.MILLISECONDS));
                long before = System.nanoTime();
                Thread.ofPlatform().start(waiting);
                owner.signal("KILL");
                owner.awaitEnd();
                assertThat(channel.isOwnerAlive()).isFalse();
                assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(WriteResult.FULL);
                assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(500_000_000);
            } finally {
                SharedFolder.remove(folder.getParent());
            }
        }
    }

    @Test
    void aWriterWhoseOwnerClosesIsTold() throws Exception {
        Relay relay = Relay.create();
        try (AttachedChannel channel =
                AttachedChannel.attach(relay.open("app", CONFIG).folder())) {
            assertThat(channel.isOwnerAlive()).isTrue();
            relay.close();
            assertThat(channel.isOwnerAlive()).isFalse();
        }
    }
}
