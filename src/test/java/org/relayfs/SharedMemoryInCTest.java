package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.testing.Client;

/// The C programs of `docs/shared-memory.md`, compiled and run as they stand there, against a channel of this
/// process.
class SharedMemoryInCTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void compile() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "there is no C compiler");
        String document = Files.readString(Path.of("docs/shared-memory.md"));
        for (String block : document.split("```c\n")) {
            if (block.startsWith("/* ")) {
                String name = block.substring(3, block.indexOf(".c:"));
                Path source = folder.resolve(name + ".c");
                Files.writeString(source, block.substring(0, block.indexOf("```")));
                try (Client compiler = Client.startIn(
                        folder,
                        List.of("cc", "-std=gnu11", "-O2", "-Wall", "-Werror", "-o", name, source.toString()))) {
                    assertThat(compiler.awaitSuccess().errors()).isEmpty();
                }
            }
        }
    }

    private static String run(String program, RelayChannel channel, String input) throws Exception {
        try (Client client = Client.start(
                folder.resolve(program).toString(), channel.folder().toString())) {
            client.input().write(bytes(input));
            client.input().close();
            return client.awaitSuccess().output();
        }
    }

    private static void write(RelayChannel channel, String record) {
        assertThat(channel.write(record.getBytes(StandardCharsets.UTF_8))).isPositive();
    }

    @Test
    void whatAnAttachedProgramInCWritesIsReadHere() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("c", ChannelConfig.of(4096, 4).withGlobal(true))) {
            write(channel, "before\n");
            assertThat(run("attach-write", channel, "one\ntwo\nthree\n")).isEmpty();
            write(channel, "after\n");
            ChannelBuffer buffer = channel.buffers().getFirst();
            assertThat(read(buffer, 100)).isEqualTo("before\none\ntwo\nthree\nafter\n");
            assertThat(buffer.stats().records()).isEqualTo(5);
            assertThat(buffer.stats().bytesWritten()).isEqualTo(27);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8})
    void aProgramInCReadsWhatIsLeft(int header) throws Exception {
        for (ChannelMode mode : ChannelMode.values()) {
            ChannelConfig config = ChannelConfig.of(16 + header, 3)
                    .withGlobal(true)
                    .withMode(mode)
                    .withPaddingHeader(header);
            try (Relay relay = Relay.create();
                    RelayChannel channel = relay.open("c", config)) {
                ChannelBuffer buffer = channel.buffers().getFirst();
                for (String record : List.of("aaaa", "bbbbbbbb", "cccccc", "dddd")) {
                    write(channel, record);
                }
                Reservation reservation = channel.newReservation();
                assertThat(channel.reserve(reservation, 3)).isEqualTo(3);
                write(channel, "ee");
                reservation.abort();
                read(buffer, 2);
                channel.flush();
                write(channel, "f");
                if (mode == ChannelMode.OVERWRITE) {
                    write(channel, "gggggggggggggggg");
                }
                String left = run("post-mortem", channel, "");
                assertThat(left).isNotEmpty().isEqualTo(read(buffer, 100));
            }
        }
    }

    @Test
    void aProgramInCLeavesOutWhatIsNotCommitted() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("c", ChannelConfig.of(64, 3).withGlobal(true))) {
            write(channel, "before ");
            Reservation reservation = channel.newReservation();
            assertThat(channel.reserve(reservation, 3)).isEqualTo(3);
            reservation.putBytes(0, bytes("not"), 0, 3);
            write(channel, "after");
            assertThat(run("post-mortem", channel, "")).isEqualTo("before after");
            reservation.commit();
            assertThat(run("post-mortem", channel, "")).isEqualTo("before notafter");
        }
    }
}
