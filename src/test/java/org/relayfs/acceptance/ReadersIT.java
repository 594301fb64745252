package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Outcome;
import org.relayfs.testing.Sandbox;

/// Every program that people read files with gets all of a prepared buffer, and nothing of it twice.
@MountTest
@Timeout(120)
class ReadersIT {
    /// Does not divide the sizes of the sub-buffers: each has padding, which nobody may see.
    private static final int RECORD_LENGTH = 1000;

    private static final int SMALL = 8 * 1024;
    private static final int LARGE = 256 * 1024;

    /// A program and what it makes of the bytes that it reads. `N` in the script is their number.
    private record Reader(int subBufferSize, int subBuffers, String script, Function<byte[], byte[]> expected) {
        static Reader plain(int subBufferSize, String script) {
            return new Reader(subBufferSize, 3, script, content -> content);
        }

        /// For a program that takes `st_size` for the length, see `programsThatTrustTheSize`: that is 0
        /// as long as no sub-buffer is closed.
        static Reader ofOpenSubBuffer(String script, Function<byte[], byte[]> expected) {
            return new Reader(LARGE, 0, script, expected);
        }

        byte[] content() {
            byte[] content = new byte[RECORD_LENGTH * (subBuffers * (subBufferSize / RECORD_LENGTH) + 5)];
            new Random(content.length).nextBytes(content);
            return content;
        }
    }

    private static final List<Reader> READERS = List.of(
            Reader.plain(LARGE, "cat app/cpu0"),
            Reader.plain(SMALL, "dd if=app/cpu0 bs=1 status=none"),
            Reader.plain(LARGE, "dd if=app/cpu0 bs=512 status=none"),
            Reader.plain(LARGE, "dd if=app/cpu0 bs=64K status=none"),
            Reader.plain(LARGE, "dd if=app/cpu0 bs=1M status=none"),
            Reader.plain(LARGE, "rm -f $COPY && cp app/cpu0 $COPY && cat $COPY"),
            Reader.plain(LARGE, "head -c $N app/cpu0"),
            Reader.ofOpenSubBuffer("tail -c $N app/cpu0", content -> content),
            Reader.ofOpenSubBuffer(
                    "tail -c 10 app/cpu0",
                    content -> Arrays.copyOfRange(content, Math.max(0, content.length - 10), content.length)),
            Reader.ofOpenSubBuffer("wc -c < app/cpu0", ReadersIT::count),
            Reader.ofOpenSubBuffer("wc -c app/cpu0 | cut -d ' ' -f 1", ReadersIT::count),
            new Reader(LARGE, 3, "cat app/cpu0 | wc -c", ReadersIT::count),
            Reader.plain(LARGE, "cat app/cpu0 | tail -c $N"),
            new Reader(LARGE, 3, "od -A n -v -t x1 app/cpu0 | tr -d ' \\n'", ReadersIT::hex),
            Reader.plain(LARGE, "python3 -c 'import sys; sys.stdout.buffer.write(open(\"app/cpu0\", \"rb\").read())'"));

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private static byte[] count(byte[] content) {
        return (content.length + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(byte[] content) {
        return HexFormat.of().formatHex(content).getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "CACHED", "OFF"})
    void everyReaderGetsAllOnce(MmapMode mode) throws Exception {
        Relay relay = sandbox.mount(Relay.create(), MountOptions.defaults().withMmap(mode));
        boolean cached = mmapMode().equals("cached");
        List<String> wrong = new ArrayList<>();
        for (Reader reader : READERS) {
            if (cached && reader.script().startsWith("tail")) {
                continue; // see programsThatTrustTheSize
            }
            // With the last sub-buffer open, as a running writer has it, and closed.
            for (boolean flushed : reader.subBuffers() > 0 ? List.of(false, true) : List.of(false)) {
                String what = reader.script() + (flushed ? ", flushed: " : ": ");
                byte[] content = reader.content();
                try (RelayChannel channel = prepare(relay, reader.subBufferSize(), content, flushed)) {
                    check(what, reader, content, wrong);
                    check(what + "again: ", reader, new byte[0], wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static RelayChannel prepare(Relay relay, int subBufferSize, byte[] content, boolean flushed)
            throws IOException {
        RelayChannel channel =
                relay.open("app", ChannelConfig.of(subBufferSize, 4).withGlobal(true));
        for (int offset = 0; offset < content.length; offset += RECORD_LENGTH) {
            assertThat(channel.write(content, offset, RECORD_LENGTH)).isEqualTo(RECORD_LENGTH);
        }
        if (flushed) {
            channel.flush();
        }
        return channel;
    }

    private void check(String what, Reader reader, byte[] content, List<String> wrong) throws Exception {
        Outcome outcome = sandbox.sh("N=" + content.length + " COPY=" + sandbox.folder() + "/copy\n" + reader.script());
        byte[] expected = reader.expected().apply(content);
        if (outcome.exit() != 0 || !outcome.errors().isEmpty()) {
            wrong.add(what + "exit " + outcome.exit() + ", " + outcome.errors());
        } else if (!Arrays.equals(outcome.bytes(), expected)) {
            wrong.add(what + outcome.bytes().length + " bytes, expected " + expected.length);
        }
    }

    /// How `mmap` works here: for AUTO it depends on the kernel and the user.
    private String mmapMode() throws Exception {
        return sandbox.sh("sed -n 's/^mmap //p' version").succeeded().out().strip();
    }

    /// Once a sub-buffer is closed, `st_size` is not 0 (as in relay, the payload of all that were closed so
    /// far; with cached mappings at least the length of the ring). `wc -c` then takes it for the length and
    /// does not read, and `tail -c` goes to where the end would be, and is refused. The same happens to
    /// them on the kernel's relay. None takes anything out, and a pipe helps.
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "CACHED", "OFF"})
    void programsThatTrustTheSize(MmapMode mode) throws Exception {
        Relay relay = sandbox.mount(Relay.create(), MountOptions.defaults().withMmap(mode));
        byte[] content = new byte[3 * SMALL / RECORD_LENGTH * RECORD_LENGTH];
        try (RelayChannel channel = prepare(relay, SMALL, content, true)) {
            sandbox.sh("head -c 11 app/cpu0").succeeded();
            sandbox.sh("tail -c 10 app/cpu0").failedSaying("Illegal seek");
            if (mmapMode().equals("passthrough")) {
                assertThat(sandbox.sh("wc -c < app/cpu0").succeeded().out()).isEqualTo(content.length + "\n");
            }
            assertThat(channel.stats().getFirst().bytesRead()).isEqualTo(11);
            assertThat(sandbox.sh("cat app/cpu0 | wc -c").succeeded().out()).isEqualTo((content.length - 11) + "\n");
        }
    }

    @Test
    void aPartIsLeftForTheNextReader() throws Exception {
        Relay relay = sandbox.mount();
        byte[] content = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        try (RelayChannel channel = prepare(relay, LARGE, content, false)) {
            assertThat(sandbox.sh("head -c 15 app/cpu0").succeeded().out()).isEqualTo("012345678901234");
            assertThat(sandbox.sh("dd if=app/cpu0 bs=10 count=1 status=none")
                            .succeeded()
                            .out())
                    .isEqualTo("5678901234");
            assertThat(sandbox.sh("cat app/cpu0").succeeded().out())
                    .hasSize(content.length - 25)
                    .startsWith("567890");
        }
    }

    @Test
    void aCpuThatIsMissingHasNoFile() throws Exception {
        Relay relay = sandbox.mount();
        try (RelayChannel channel = relay.open("app", ChannelConfig.of(SMALL, 4))) {
            int missing = channel.buffers().stream()
                            .mapToInt(ChannelBuffer::cpu)
                            .max()
                            .orElseThrow()
                    + 1;
            for (String file : List.of("app/cpu" + missing, "app/cpu", "app/cpu00", "gone/cpu0")) {
                sandbox.run("dd", "if=" + file).failedSaying("No such file or directory");
            }
        }
    }
}
