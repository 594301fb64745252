package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.linux.Errno;

final class ReplyWriterTest {
    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofAuto();
    private RecordedDevice device;
    private ReplyWriter replies;

    @BeforeEach
    void open() throws IOException {
        device = RecordedDevice.in(folder);
        replies = new ReplyWriter(arena, device.descriptor(), arena.allocate(1 << 20));
    }

    @AfterEach
    void close() {
        device.close();
    }

    /// The kernel takes a limited number of pieces at once; more are gathered first.
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 66, 256})
    void anyNumberOfPiecesArrivesInOrder(int count) throws IOException {
        MemorySegment[] pieces = new MemorySegment[count + 1];
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            byte[] text = "piece %d.".formatted(i).getBytes(StandardCharsets.US_ASCII);
            expected.writeBytes(text);
            pieces[i] = arena.allocate(text.length).copyFrom(MemorySegment.ofArray(text));
        }
        assertThat(replies.pieces(7, pieces, count, expected.size())).isZero();
        RecordedDevice.Message message = device.only();
        assertThat(message.unique()).isEqualTo(7);
        assertThat(message.error()).isZero();
        assertThat(message.body())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(expected.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void aBodyHoldsNothingOfTheOneBefore() throws IOException {
        replies.newBody(24).fill((byte) 0x55);
        replies.body(1, 24);
        replies.newBody(24).set(JAVA_LONG, 0, 1);
        replies.body(2, 24);
        assertThat(device.sent().get(1).body()).startsWith(1).endsWith(new byte[23]);
    }

    @Test
    void whatIsInvalidatedIsNamed() throws IOException {
        replies.notifyInvalidate(5, 8192, 4096 * 3);
        RecordedDevice.Message message = device.only();
        assertThat(message.error()).isEqualTo(FuseProtocol.NOTIFY_INVALIDATE_INODE);
        assertThat(message.unique()).isZero();
        assertThat(message.longAt(0)).isEqualTo(5);
        assertThat(message.longAt(8)).isEqualTo(8192);
        assertThat(message.longAt(16)).isEqualTo(4096 * 3);
    }

    @Test
    void errorsAreNegativeNumbers() throws IOException {
        replies.error(3, Errno.ENOENT);
        replies.refuse(4);
        replies.empty(5);
        assertThat(device.sent())
                .extracting(RecordedDevice.Message::unique, RecordedDevice.Message::error)
                .containsExactly(tuple(3L, Errno.ENOENT.negative()), tuple(4L, Errno.EIO.negative()), tuple(5L, 0));
    }

    @Test
    void aRefusedReplyIsAnErrno() throws IOException {
        try (RecordedDevice full = RecordedDevice.refusing()) {
            ReplyWriter refused = new ReplyWriter(arena, full.descriptor(), arena.allocate(64));
            assertThat(Errno.ENOSPC.is(refused.empty(1))).isTrue();
            assertThat(Errno.ENOSPC.is(refused.raw(new byte[20]))).isTrue();
        }
    }
}
