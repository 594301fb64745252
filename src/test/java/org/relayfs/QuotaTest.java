package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.ChannelName;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.linux.Cpus;
import org.relayfs.testing.Client;

/// Memory that is not to be had: nothing is left behind, and what fits is still made.
class QuotaTest {
    private static final Cpus TWO = new Cpus(List.of(0, 1), 2);

    private static List<String> files(Relay relay) throws IOException {
        try (Stream<Path> files = Files.list(relay.folder())) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> !Set.of("doorbell", "locks").contains(name))
                    .toList();
        }
    }

    @Test
    void aChannelBeyondTheQuotaIsRefused() throws Exception {
        ChannelConfig config = ChannelConfig.of(4096, 4);
        long bytes = Generation.bytesAtStart(config, TWO);
        try (Relay relay = Relay.create(2 * bytes, TWO)) {
            RelayChannel first = relay.open("first", config);
            assertThat(first.reservedBytes()).isEqualTo(bytes);
            assertThatThrownBy(() -> relay.open("large", ChannelConfig.of(4096, 5)))
                    .isInstanceOfSatisfying(QuotaException.class, e -> {
                        assertThat(e.outOfSpace()).isFalse();
                        assertThat(e).hasMessageContaining("left=" + bytes + " of " + 2 * bytes);
                    });
            assertThat(files(relay)).hasSize(1);
            assertThat(relay.channels()).hasSize(1);
            relay.open("second", config);
            assertThatThrownBy(() -> relay.open("third", config)).isInstanceOf(QuotaException.class);
            first.close();
            relay.open("third", config);
            assertThatThrownBy(() -> relay.openUnnamed(config)).isInstanceOf(QuotaException.class);
        }
    }

    /// What the tmpfs has given the file is never more than what counts, whoever has registered and logged.
    @Test
    void theTypesOfEventsCountWhoeverRegistersThem() throws Exception {
        ChannelConfig config = ChannelConfig.of(4096, 4).withEvents(true);
        long bytes = Generation.bytesAtStart(config, TWO);
        try (Relay relay = Relay.create(2 * bytes, TWO)) {
            RelayChannel first = relay.open("first", config);
            assertThat(relay.reservedBytes()).isEqualTo(bytes).isEqualTo(first.reservedBytes());
            Path types = first.folder().resolve("types");
            assertThat(takenBytes(types)).isPositive().isLessThanOrEqualTo(typesOf(first));
            try (AttachedChannel attached = AttachedChannel.attach(first.folder())) {
                for (int i = 0; i < 600; i++) {
                    EventLog log = attached.events()
                            .register(EventType.named("type" + i)
                                    .field("value", FieldKind.I64)
                                    .build());
                    log.log(i);
                }
            }
            assertThat(takenBytes(types)).isLessThanOrEqualTo(typesOf(first));
            long grown = first.reservedBytes();
            assertThat(relay.reservedBytes()).isEqualTo(grown).isGreaterThan(bytes);
            assertThatThrownBy(() -> relay.open("second", config))
                    .isInstanceOf(QuotaException.class)
                    .hasMessageContaining("left=" + (2 * bytes - grown) + " of " + 2 * bytes);
            // What it has counts as if it were gone.
            RelayChannel anew = relay.replace(ChannelName.of("first"), config);
            assertThat(relay.reservedBytes()).isEqualTo(bytes);
            relay.open("second", config);
            relay.channel("second").orElseThrow().close();
            anew.resize(8192, 4);
            anew.close();
            assertThat(relay.reservedBytes()).isZero();
        }
    }

    private static long typesOf(RelayChannel channel) {
        return MemoryQuota.typesBytes(channel.folder());
    }

    private static long takenBytes(Path file) throws Exception {
        try (Client stat = Client.start("stat", "--format=%b", file.toString())) {
            return 512 * Long.parseLong(stat.awaitSuccess().output().strip());
        }
    }

    @Test
    void whatBadArgumentsHadReservedIsGivenBack() throws Exception {
        ChannelConfig config = ChannelConfig.of(4096, 4);
        try (Relay relay = Relay.create(Generation.bytesAtStart(config, TWO), TWO)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> relay.open("app", config.withCallbacks(new ChannelCallbacks() {
                            @Override
                            public String onCreateBufferFile(String name, ChannelBuffer buffer) {
                                return name.equals("cpu1") ? null : name;
                            }
                        })))
                        .isInstanceOf(IOException.class);
                assertThatThrownBy(() -> relay.open("../app", config)).isInstanceOf(IllegalArgumentException.class);
                assertThat(files(relay)).isEmpty();
            }
            assertThat(relay.open("app", config).buffers()).hasSize(2);
        }
        assertThatThrownBy(() -> Relay.create(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    /// In a mount namespace of its own, where /dev/shm is small.
    @Test
    void aFullTmpfsIsAnAnswerAndNotACrash() throws Exception {
        assumeTrue(canMount(), "this user has no mount namespaces");
        List<String> command = new ArrayList<>(List.of(
                "unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=2m none /dev/shm && exec \"$@\"", "sh"));
        command.addAll(Client.java(SmallTmpfs.class));
        try (Client program = Client.start(command)) {
            assertThat(program.awaitSuccess().output()).contains("done");
        }
    }

    /// Field cases 6 and 11.
    @Test
    void aRefusedChannelGivesItsMemoryBackAtOnceAndTheAnswerNamesWhatTheDeadHaveLeft() throws Exception {
        assumeTrue(canMount(), "this user has no mount namespaces");
        List<String> command = new ArrayList<>(List.of(
                "unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=4m none /dev/shm && exec \"$@\"", "sh"));
        List<String> java = new ArrayList<>(Client.java(RefusedAndSmaller.class));
        // Nobody is to help by collecting garbage.
        java.add(1, "-XX:+DisableExplicitGC");
        command.addAll(java);
        try (Client program = Client.start(command)) {
            assertThat(program.awaitSuccess().output()).contains("done");
        }
    }

    /// What [#aRefusedChannelGivesItsMemoryBackAtOnceAndTheAnswerNamesWhatTheDeadHaveLeft] runs.
    static final class RefusedAndSmaller {
        private RefusedAndSmaller() {}

        /// Asks for too much, then for what fits.
        public static void main(String[] args) throws Exception {
            try (Relay relay = Relay.create(Long.MAX_VALUE, TWO)) {
                for (int i = 0; i < 5; i++) {
                    // The first buffer fits, the second does not.
                    String plain = reasonOf(() -> relay.open("app", ChannelConfig.of(1 << 18, 10)));
                    SmallTmpfs.check(!plain.contains("clean"), plain);
                }
                relay.open("small", ChannelConfig.of(1 << 17, 10));
                Path dead = Files.createDirectories(relay.folder().resolveSibling("999999999-1-1/app.1"));
                Files.write(dead.resolve("cpu0"), new byte[1 << 20]);
                String named = reasonOf(() -> relay.open("app", ChannelConfig.of(1 << 18, 10)));
                SmallTmpfs.check(
                        named.contains("dead processes have left 1 MiB in 1 folder of " + dead.getRoot() + "dev/shm/")
                                && named.contains("relayfs clean removes them"),
                        named);
            }
            System.out.println("done");
        }

        private static String reasonOf(SmallTmpfs.Attempt attempt) throws IOException {
            try {
                attempt.run();
            } catch (QuotaException e) {
                return e.getMessage();
            }
            throw new AssertionError("it was not refused");
        }
    }

    private static boolean canMount() throws Exception {
        try (Client unshare = Client.start("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/dev/shm")) {
            return unshare.awaitEnd() == 0;
        }
    }

    /// What [#aFullTmpfsIsAnAnswerAndNotACrash] runs.
    static final class SmallTmpfs {
        private SmallTmpfs() {}

        /// Fills the tmpfs.
        public static void main(String[] args) throws Exception {
            try (Relay relay = Relay.create(Long.MAX_VALUE, TWO)) {
                for (int i = 0; i < 3; i++) {
                    refuse(() -> relay.open("large", ChannelConfig.of(1 << 20, 2)));
                    // The first buffer fits, the second does not.
                    refuse(() -> relay.open("half", ChannelConfig.of(1 << 18, 4)));
                    // The data would fit, the tables do not.
                    refuse(() -> relay.open("tables", ChannelConfig.of(1, 20_000)));
                    check(files(relay).isEmpty(), "left: " + files(relay));
                }
                RelayChannel channel = relay.open("small", ChannelConfig.of(1 << 16, 4));
                for (int i = 0; i < 10_000; i++) {
                    channel.write(new byte[100]);
                }
                check(
                        channel.stats().stream()
                                        .mapToLong(s -> s.records() + s.full())
                                        .sum()
                                == 10_000,
                        "records");
            }
            try (Stream<Path> left = Files.list(Path.of("/dev/shm"))) {
                check(left.findAny().isEmpty(), "something is left in the tmpfs");
            }
            System.out.println("done");
        }

        private interface Attempt {
            void run() throws IOException;
        }

        private static void refuse(Attempt attempt) throws IOException {
            try {
                attempt.run();
                throw new AssertionError("it was not refused");
            } catch (QuotaException e) {
                check(e.outOfSpace(), e.getMessage());
            }
        }

        private static void check(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError(otherwise);
            }
        }
    }
}
