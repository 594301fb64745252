package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.WriteResult;
import org.relayfs.testing.Agent;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Field case 1: files of a channel's shared memory are made shorter, or hold garbage, while it is in use. An access to
/// what is missing is a SIGBUS.
@MountTest
@Timeout(value = 2, unit = java.util.concurrent.TimeUnit.MINUTES)
class TruncatedMemoryIT {
    private static final ChannelConfig SHAPE = ChannelConfig.of(4096, 4).withGlobal(true);

    private static void truncate(RelayChannel channel, String file, long length) throws Exception {
        try (FileChannel opened = FileChannel.open(channel.folder().resolve(file), StandardOpenOption.WRITE)) {
            opened.truncate(length);
        }
    }

    private static String write(Agent agent, String file) throws Exception {
        int fd = agent.open(file, "O_WRONLY");
        String outcome = agent.outcome("write", fd, "1");
        agent.call("close", fd);
        return outcome;
    }

    private static void assertExact(RelayChannel channel) {
        assertThat(channel.write(bytes("beside"))).isEqualTo(6);
        assertThat(read(channel.buffers().getFirst())).isEqualTo("beside");
    }

    @ParameterizedTest
    @CsvSource({"cpu0, 0", "cpu0, 4096", "meta, 0", "meta, 4096"})
    void aShorterFileIsDamageAndTheChannelCanBeReplaced(String file, long length) throws Exception {
        try (TestMount mount = TestMount.open();
                RelayChannel beside = mount.relay().open("beside", SHAPE);
                RelayChannel channel = mount.relay().open("app", SHAPE);
                Agent agent = Agent.start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(channel.write(new byte[4000])).isEqualTo(4000);
            }
            int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY");
            long reserved = channel.reservedBytes();
            truncate(channel, file, length);

            // A write may be taken before anybody has met what is missing.
            write(agent, mount.file("app/write"));
            assertThat(agent.outcome("read", fd, 16_000)).isEqualTo("EIO");
            assertThat(agent.outcome("read", fd, 16_000)).isEqualTo("EIO");
            assertThat(write(agent, mount.file("app/write"))).isEqualTo("EIO");
            assertThat(write(agent, mount.file("app/reset"))).isEqualTo("EIO");
            assertThat(agent.poll(fd, 0)).contains("POLLIN");
            assertThat(Files.readString(Path.of(mount.file("channels")))).contains("damaged");
            assertThat(Files.readString(Path.of(mount.file("app/stats"))).strip())
                    .endsWith(" 1");
            assertThat(Files.size(channel.folder().resolve(file)))
                    .as("given back")
                    .isGreaterThan(length);
            assertExact(beside);

            assertThat(channel.reservedBytes()).isEqualTo(reserved);
            channel.close();
            assertThat(Files.exists(channel.folder())).isFalse();
            assertThat(Files.readString(Path.of(mount.file("channels")))).doesNotContain("damaged");
            try (RelayChannel again = mount.relay().open("app", SHAPE)) {
                assertExact(again);
            }
            assertExact(beside);
        }
    }

    /// Destroyed before anybody has noticed.
    @ParameterizedTest
    @ValueSource(strings = {"cpu0", "meta"})
    void aChannelWithoutItsMemoryCanBeClosed(String file) throws Exception {
        try (Relay relay = Relay.create()) {
            RelayChannel channel = relay.open("app", SHAPE);
            channel.write(bytes("lost"));
            truncate(channel, file, 0);
            channel.close();
            assertThat(Files.exists(channel.folder())).isFalse();
            assertThat(relay.channels()).isEmpty();
            assertThat(channel.write(bytes("more"))).isNegative();
            assertExact(relay.open("app", SHAPE));
        }
    }

    /// A program that only writes is told each time, by a result or, where compiled code meets the fault, by the JVM's
    /// error.
    @ParameterizedTest
    @ValueSource(ints = {8, 20, 64, 300})
    void aWriterIsToldToo(int size) throws Exception {
        try (Relay relay = Relay.create()) {
            RelayChannel channel = relay.open("app", SHAPE);
            truncate(channel, "cpu0", 0);
            byte[] record = new byte[size];
            for (int i = 0; i < 3; i++) {
                assertThat(outcome(channel, record)).isEqualTo(WriteResult.DAMAGED);
            }
        }
    }

    private static int outcome(RelayChannel channel, byte[] record) {
        try {
            return channel.write(record);
        } catch (InternalError fault) {
            return WriteResult.DAMAGED;
        }
    }

    /// Records are bytes and are never interpreted, not even the padding header in front of them.
    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8})
    void garbageInTheDataIsReadAsItIs(int paddingHeader) throws Exception {
        byte[] garbage = new byte[16_384];
        new Random(7).nextBytes(garbage);
        try (TestMount mount = TestMount.open();
                RelayChannel beside = mount.relay().open("beside", SHAPE);
                RelayChannel channel = mount.relay().open("app", SHAPE.withPaddingHeader(paddingHeader));
                Agent agent = Agent.start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(channel.write(new byte[4000])).isEqualTo(4000);
            }
            int expected = 3 * (4000 + paddingHeader);
            int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY|O_NONBLOCK");
            try (FileChannel data = FileChannel.open(channel.folder().resolve("cpu0"), StandardOpenOption.WRITE)) {
                data.write(ByteBuffer.wrap(garbage), 0);
            }
            assertThat(agent.call("read_length", fd, 16_000).asLong()).isEqualTo(expected);
            assertThat(channel.stats().getFirst().damaged()).isFalse();
            assertThat(channel.write(bytes("goes on"))).isEqualTo(7);
            assertExact(beside);
        }
    }
}
