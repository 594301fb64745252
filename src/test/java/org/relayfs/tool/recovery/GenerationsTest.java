package org.relayfs.tool.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.memory.SharedFolder;
import picocli.CommandLine;

/// A channel whose memory consists of several generations, the older ones being read yet.
final class GenerationsTest {
    @TempDir
    private Path temp;

    private Path channel;

    @BeforeEach
    void name() {
        // No process has this pid.
        channel = temp.resolve("999999999-1-1").resolve("app.1");
    }

    /// Puts a channel's memory where a generation is.
    private static void leave(Path generation, int subBufferSize, String... records) throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel made =
                        relay.open("made", ChannelConfig.of(subBufferSize, 4).withGlobal(true))) {
            for (String record : records) {
                made.write(record.getBytes(StandardCharsets.US_ASCII));
            }
            Files.createDirectories(generation);
            try (Stream<Path> files = Files.list(made.folder())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, generation.resolve(file.getFileName()));
                }
            }
        }
    }

    private String recover(Path folder, int expected) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        int code = new CommandLine(new RecoverCommand())
                .setOut(out)
                .setErr(out)
                .execute(folder.toString(), "-o", temp.resolve("out").toString(), "--force");
        assertThat(code).as(text::toString).isEqualTo(expected);
        return text.toString();
    }

    private String recovered() throws IOException {
        return Files.readString(
                temp.resolve("out").resolve("999999999-1-1").resolve("app.1").resolve("cpu0"));
    }

    @Test
    void theyAreReadInTheirOrderIntoOneFile() throws IOException {
        leave(channel, 64, "first ", "second ");
        leave(channel.resolve("2"), 4096, "third ");
        leave(channel.resolve("10"), 128, "fourth");
        String said = recover(channel.getParent(), 0);
        assertThat(recovered()).isEqualTo("first second third fourth");
        assertThat(said)
                .contains("app.1: 25 bytes")
                .contains("cpu0 ")
                .contains("cpu0:2 ")
                .contains("cpu0:10 ");
    }

    @Test
    void theFirstMayBeGoneAndOneMayBeNamed() throws IOException {
        leave(channel.resolve("1"), 64, "first ");
        leave(channel.resolve("2"), 64, "second");
        for (Path named : List.of(channel.getParent(), channel, channel.resolve("2"))) {
            recover(named, 0);
            assertThat(recovered()).as(named.toString()).isEqualTo("first second");
            SharedFolder.remove(temp.resolve("out"));
        }
    }

    @Test
    void ofOneThatIsDamagedTheOthersAreRead() throws IOException {
        leave(channel, 64, "first ");
        leave(channel.resolve("1"), 64, "second ");
        leave(channel.resolve("2"), 64, "third");
        Files.writeString(channel.resolve("1").resolve("meta"), "short");
        assertThat(recover(channel, 3)).contains(channel.resolve("1") + ": meta is damaged");
        assertThat(recovered()).isEqualTo("first third");
    }
}
