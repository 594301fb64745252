package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.NodeStatus;

class OpenControlFileTest {
    private final NodeStatus status = new NodeStatus(1, Attributes.REGULAR | 0600, 0, 0);
    private final AtomicInteger made = new AtomicInteger();
    private final List<String> written = new ArrayList<>();
    private final ErrorLog log = new ErrorLog();
    private final OpenControlFile file = new OpenControlFile(
            "/x",
            status,
            () -> ("content " + made.incrementAndGet() + "\n").getBytes(StandardCharsets.US_ASCII),
            (source, caller) ->
                    written.add(StandardCharsets.US_ASCII.decode(source).toString()),
            log);

    private String read(int length, long offset) throws ErrnoException {
        ByteBuffer target = ByteBuffer.allocate(length);
        assertThat(file.read(target, offset)).isEqualTo(target.position());
        return StandardCharsets.US_ASCII.decode(target.flip()).toString();
    }

    @Test
    void smallReadsSeeOneMoment() throws ErrnoException {
        assertThat(read(4, 0) + read(4, 4) + read(4, 8) + read(4, 10)).isEqualTo("content 1\n");
    }

    @Test
    void theEndStaysTheEndUntilItIsReadFromTheStart() throws ErrnoException {
        assertThat(read(100, 0)).isEqualTo("content 1\n");
        assertThat(read(100, 10)).isEmpty();
        assertThat(read(100, 1000)).isEmpty();
        assertThat(read(100, 0)).isEqualTo("content 2\n");
    }

    @Test
    void aFirstReadInTheMiddleMakesTheContent() throws ErrnoException {
        assertThat(read(100, 8)).isEqualTo("1\n");
    }

    @Test
    void aWriteIsOneCommandAndTakesAllBytes() throws ErrnoException {
        ByteBuffer source = ByteBuffer.wrap("do it".getBytes(StandardCharsets.US_ASCII));
        assertThat(file.write(source, MountedTree.ONE_PIECE, OWNER)).isEqualTo(5);
        assertThat(source.hasRemaining()).isFalse();
        assertThat(written).containsExactly("do it");
    }

    @Test
    void writingMovesMtimeAndReadingMovesAtime() throws ErrnoException {
        status.change(AttributeChange.ofTimes(1L, 1L, false), MountedTree.ROOT, "/x");
        read(1, 0);
        assertThat(status.attributes().atimeNs()).isGreaterThan(1);
        assertThat(status.attributes().mtimeNs()).isEqualTo(1);
        file.write(ByteBuffer.allocate(1), MountedTree.ONE_PIECE, OWNER);
        assertThat(status.attributes().mtimeNs()).isGreaterThan(1);
    }

    @Test
    void theOtherDirectionIsRefused() {
        assertThat(refusal(() ->
                        new OpenControlFile("/x", status, null, (s, c) -> {}, log).read(ByteBuffer.allocate(1), 0)))
                .isEqualTo(Errno.EBADF);
        assertThat(refusal(() -> new OpenControlFile("/x", status, () -> new byte[0], null, log)
                        .write(ByteBuffer.allocate(1), MountedTree.ONE_PIECE, OWNER)))
                .isEqualTo(Errno.EBADF);
        assertThat(refusal(() -> read(1, -1))).isEqualTo(Errno.EINVAL);
    }

    /// Field case 23: it may be only the first part of what was written.
    @Test
    void aWriteThatTheKernelMayHaveDividedIsRefusedAndStandsInTheLog() throws ErrnoException {
        assertThat(refusal(() -> file.write(ByteBuffer.wrap("12345".getBytes(StandardCharsets.US_ASCII)), 4, OWNER)))
                .isEqualTo(Errno.EMSGSIZE);
        assertThat(written).isEmpty();
        assertThat(new String(log.content(), StandardCharsets.US_ASCII))
                .contains(" EMSGSIZE /x \"12345\" write: length=5 or more, limit=4 bytes")
                .hasLineCount(1);
        assertThat(file.write(ByteBuffer.wrap("1234".getBytes(StandardCharsets.US_ASCII)), 4, OWNER))
                .isEqualTo(4);
    }
}
