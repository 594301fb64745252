package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

class ErrorLogTest {
    private final ErrorLog log = new ErrorLog();

    private String content() {
        return new String(log.content(), StandardCharsets.US_ASCII);
    }

    @Test
    void aLineHoldsTimeErrnoPathTextAndReason() {
        log.add("/app/mode", "append\n", new ErrnoException(Errno.EINVAL, "mode: value=\"append\""));
        assertThat(content())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z EINVAL /app/mode "
                        + "\"append\\\\n\" mode: value=\"append\"\n");
    }

    @Test
    void theLast64AreKept() {
        for (int i = 0; i < 100; i++) {
            log.add("/control", "line" + i, new ErrnoException(Errno.EINVAL, "no"));
        }
        assertThat(content().lines()).hasSize(64).first().asString().contains("\"line36\"");
        assertThat(content()).endsWith("\"line99\" no\n");
    }

    @Test
    void clearingEmptiesIt() {
        log.add("/control", "x", new ErrnoException(Errno.EINVAL, "no"));
        log.clear();
        assertThat(content()).isEmpty();
    }

    @Test
    void whateverClientsSendIsPrintableAndBounded() {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            bytes.append((char) (i % 256));
        }
        log.add("/control", bytes.toString(), new ErrnoException(Errno.EINVAL, bytes.toString()));
        assertThat(content().length()).isLessThan(4000);
        assertThat(content().strip()).matches("[ -~]+").contains("\\x00\\x01").contains("...");
    }

    @Test
    void aRefusedActionIsKeptWithTheBytesThatWereWritten() {
        ControlAction action = log.watching("/app/create", (source, caller) -> {
            source.position(source.limit());
            throw new ErrnoException(Errno.ENOSPC, "tmpfs is full");
        });
        assertThat(refusal(() -> action.write(ByteBuffer.wrap("1\n".getBytes(StandardCharsets.US_ASCII)), OWNER)))
                .isEqualTo(Errno.ENOSPC);
        assertThat(content()).endsWith(" ENOSPC /app/create \"1\\n\" tmpfs is full\n");
    }
}
