package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.linux.Cpus;

/// Shared memory that cannot be what it says is refused by whoever attaches, and is not used before.
class AttachChecksTest {
    @TempDir
    private Path temp;

    private Relay relay;
    private Path copy;

    @BeforeEach
    void copyAChannel() throws IOException {
        relay = Relay.create(1 << 20, new Cpus(List.of(0, 1), 2));
        copy = Files.createDirectory(temp.resolve("copy"));
        Files.copy(relay.folder().resolve("doorbell"), temp.resolve("doorbell"));
        Files.copy(relay.folder().resolve("locks"), temp.resolve("locks"));
        try (Stream<Path> files =
                Files.list(relay.open("app", ChannelConfig.of(4096, 4)).folder())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private void store(int offset, long value) throws IOException {
        try (FileChannel meta = FileChannel.open(copy.resolve("meta"), StandardOpenOption.WRITE)) {
            ByteBuffer word =
                    ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, value);
            meta.write(word, offset);
        }
    }

    @Test
    void aCopyThatIsWholeCanBeAttached() throws Exception {
        try (AttachedChannel attached = AttachedChannel.attach(copy)) {
            assertThat(attached.write(new byte[10])).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @CsvSource({
        ChannelHeader.VERSION_OFFSET + ", 0",
        ChannelHeader.VERSION_OFFSET + ", 1",
        ChannelHeader.VERSION_OFFSET + ", 2",
        ChannelHeader.VERSION_OFFSET + ", 3",
        ChannelHeader.VERSION_OFFSET + ", " + (ChannelHeader.LAYOUT_VERSION + 1),
        ChannelHeader.MAGIC_OFFSET + ", 1",
        ChannelHeader.SUB_BUFFER_SIZE_OFFSET + ", 0",
        ChannelHeader.SUB_BUFFER_SIZE_OFFSET + ", -1",
        ChannelHeader.SUB_BUFFER_SIZE_OFFSET + ", 9223372036854775807",
        ChannelHeader.SUB_BUFFER_COUNT_OFFSET + ", 0",
        ChannelHeader.SUB_BUFFER_COUNT_OFFSET + ", 4294967300",
        ChannelHeader.SUB_BUFFER_COUNT_OFFSET + ", 5000",
        ChannelHeader.FLAGS_OFFSET + ", 64",
        ChannelHeader.FLAGS_OFFSET + ", " + (ChannelHeader.FLAG_EVENTS | ChannelHeader.FLAG_PADDING_HEADER),
        ChannelHeader.FLAGS_OFFSET + ", -9223372036854775808",
        ChannelHeader.BUFFER_SLOTS_OFFSET + ", 0",
        ChannelHeader.BUFFER_SLOTS_OFFSET + ", 3",
        ChannelHeader.BUFFER_SLOTS_OFFSET + ", -9223372036854775808",
        ChannelHeader.BUFFER_STRIDE_OFFSET + ", 64"
    })
    void aWordThatDoesNotFitTheRestIsRefused(int offset, long value) throws Exception {
        store(offset, value);
        assertThatThrownBy(() -> {
                    try (AttachedChannel attached = AttachedChannel.attach(copy)) {
                        attached.write(new byte[10]);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining(copy.toString());
    }

    @Test
    void aDataFileThatIsTooShortForItsChannelIsNotWrittenTo() throws Exception {
        store(ChannelHeader.SUB_BUFFER_SIZE_OFFSET, 65536);
        try (AttachedChannel attached = AttachedChannel.attach(copy)) {
            assertThat(attached.write(new byte[10])).isEqualTo(WriteResult.CLOSED);
        }
    }

    @Test
    void aFileThatIsShortOrALinkIsRefused() throws Exception {
        Path meta = copy.resolve("meta");
        Path elsewhere = Files.move(meta, temp.resolve("elsewhere"));
        Files.createSymbolicLink(meta, elsewhere);
        assertThatThrownBy(() -> AttachedChannel.attach(copy)).isInstanceOf(IOException.class);
        Files.delete(meta);
        Files.write(meta, new byte[100]);
        assertThatThrownBy(() -> AttachedChannel.attach(copy))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too short: length=100");
    }
}
