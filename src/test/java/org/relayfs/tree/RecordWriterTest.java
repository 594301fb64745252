package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.tree.MountedTree.OWNER;
import static org.relayfs.tree.MountedTree.refusal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.linux.Errno;

class RecordWriterTest {
    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    private static String readAll(ChannelBuffer buffer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(1 << 21);
            int length = buffer.read(target, 0, 1 << 21);
            return new String(target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void eachWriteIsOneRecordByteForByte() throws ErrnoException {
        fs.write("/control", "create app global=1 subbuf_size=4K n_subbufs=2");
        ChannelBuffer buffer = ((RelayFile) fs.tree.resolve("/app/cpu0")).buffer();
        fs.write("/app/write", "one\n");
        fs.write("/app/write", new byte[] {0, -1, '\n', '\n'}, OWNER);
        assertThat(buffer.stats().records()).isEqualTo(2);
        assertThat(readAll(buffer)).isEqualTo("one\n\0ÿ\n\n");
    }

    @Test
    void directAndReadOnlyBuffersUpTo1MiBAreTaken() throws ErrnoException {
        fs.write("/control", "create app global=1 subbuf_size=1M n_subbufs=2");
        OpenControlFile file = fs.open("/app/write", MountedTree.O_WRONLY);
        ByteBuffer direct = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();
        assertThat(file.write(direct, 0, OWNER)).isEqualTo(1 << 20);
        assertThat(direct.hasRemaining()).isFalse();
        assertThat(fs.read("/app/stats")).contains("\n0 0 0 0 1048576 0 1 ");
    }

    @Test
    void aHeaderMakesLessRoom() throws ErrnoException {
        fs.write("/control", "create app global=1 subbuf_size=4096 n_subbufs=2 header=padding");
        fs.write("/app/write", "x".repeat(4088));
        assertThat(refusal(() -> fs.write("/app/write", "x".repeat(4089)))).isEqualTo(Errno.EMSGSIZE);
        assertThat(fs.read("/error_log")).contains("record: length=4089, limit=4088 bytes");
    }

    @Test
    void theRecordGoesToTheCpuThatTheWriterRunsOn() throws Exception {
        fs.write("/control", "create app subbuf_size=4K n_subbufs=2");
        int thread = Integer.parseInt(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        Caller caller = new Caller(1000, 1000, thread);
        RelayChannel channel = fs.relay.channel("app").orElseThrow();
        for (int attempt = 0; attempt < 100; attempt++) {
            int before = CallerThread.cpu(caller);
            fs.write("/app/write", "x".getBytes(StandardCharsets.US_ASCII), caller);
            if (CallerThread.cpu(caller) == before) {
                int cpu = before;
                assertThat(channel.stats())
                        .anySatisfy(s -> assertThat(s).matches(stats -> stats.cpu() == cpu && stats.records() > 0));
                return;
            }
        }
    }
}
