package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;
import static org.relayfs.tree.MountedTree.O_RDONLY;
import static org.relayfs.tree.MountedTree.O_RDWR;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The calls of librelay, the user half of relay-apps, one after another; what it would map is read from the buffer.
class RelayAppsTest {
    private static final int SUB_BUFFER_SIZE = 64;

    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
        fs.makeDirectory("/app");
        fs.write("/app/header", "padding");
        fs.write("/app/global", "1");
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    /// open O_RDWR, write decimal text, close.
    private void set(String file, int value) throws ErrnoException {
        OpenControlFile open = fs.open("/app/" + file, O_RDWR);
        open.write(
                ByteBuffer.wrap(Integer.toString(value).getBytes(StandardCharsets.US_ASCII)),
                MountedTree.ONE_PIECE,
                OWNER);
        open.release();
    }

    /// lseek to 0, read a `size_t`.
    private static long get(OpenControlFile counter) throws ErrnoException {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        assertThat(counter.read(word, 0)).isEqualTo(Long.BYTES);
        return word.getLong(0);
    }

    private static String payload(ChannelBuffer buffer, long slot) {
        long start = slot % 4 * SUB_BUFFER_SIZE;
        long padding = buffer.data().get(ValueLayout.JAVA_LONG_UNALIGNED, start);
        long length = SUB_BUFFER_SIZE - Long.BYTES - padding;
        return StandardCharsets.US_ASCII
                .decode(buffer.data().asSlice(start + Long.BYTES, length).asByteBuffer())
                .toString();
    }

    @Test
    void librelayFindsItsWay() throws ErrnoException {
        set("subbuf_size", SUB_BUFFER_SIZE);
        set("n_subbufs", 4);
        set("enabled", 0);
        set("create", 1);
        RelayFile data = (RelayFile) fs.tree.resolve("/app/cpu0");
        OpenControlFile produced = fs.open("/app/cpu0.produced", O_RDONLY);
        OpenControlFile consumed = fs.open("/app/cpu0.consumed", O_RDWR);
        set("enabled", 1);

        for (int i = 0; i < 8; i++) {
            fs.write("/app/write", "0123456789 record " + i + "\n");
        }
        assertThat(refusal(() -> fs.write("/app/write", "0123456789 too many!")))
                .isEqualTo(Errno.EAGAIN);
        StringBuilder read = new StringBuilder();
        long done = drain(data.buffer(), produced, consumed, 0, read);
        set("enabled", 0);
        drain(data.buffer(), produced, consumed, done, read);

        assertThat(read.toString().lines()).hasSize(8).first().isEqualTo("0123456789 record 0");
        assertThat(fs.read("/app/dropped")).isEqualTo("1\n");
        assertThat(get(consumed)).isEqualTo(get(produced));
        set("create", 0);
        assertThat(fs.exists("/app/cpu0")).isFalse();
    }

    private static long drain(
            ChannelBuffer buffer, OpenControlFile produced, OpenControlFile consumed, long done, StringBuilder to)
            throws ErrnoException {
        long ready = get(produced);
        for (long slot = done; slot < ready; slot++) {
            to.append(payload(buffer, slot));
        }
        consumed.write(ByteBuffer.wrap(MountedTree.counter(ready - done)), MountedTree.ONE_PIECE, OWNER);
        return ready;
    }
}
