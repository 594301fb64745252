package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.testing.Text.read;
import static org.relayfs.tree.MountedTree.OWNER;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.linux.Cpus;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.testing.Pinned;
import org.relayfs.testing.Waiting;
import org.relayfs.tree.access.Caller;

class WriteFileTest {
    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    @Test
    void eachWriteIsOneRecordByteForByte() throws ErrnoException {
        fs.write("/control", "create app global=1 subbuf_size=4K n_subbufs=2");
        ChannelBuffer buffer = ((RelayFile) fs.tree.resolve("/app/cpu0")).buffer();
        fs.write("/app/write", "one\n");
        fs.write("/app/write", new byte[] {0, -1, '\n', '\n'}, OWNER);
        assertThat(buffer.stats().records()).isEqualTo(2);
        assertThat(read(buffer)).isEqualTo("one\n\0ÿ\n\n");
    }

    @Test
    void directAndReadOnlyBuffersUpTo1MiBAreTaken() throws ErrnoException {
        fs.write("/control", "create app global=1 subbuf_size=1M n_subbufs=2");
        OpenControlFile file = fs.open("/app/write", MountedTree.O_WRONLY);
        ByteBuffer direct = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();
        assertThat(file.write(direct, MountedTree.ONE_PIECE, OWNER)).isEqualTo(1 << 20);
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
        RelayChannel channel = fs.relay.channel("app").orElseThrow();
        // The thread stays where it is: what it is bound to, it runs on.
        for (int cpu : Cpus.ofSystem().online()) {
            boolean run = Pinned.run(cpu, () -> {
                Caller caller = new Caller(1000, 1000, threadId());
                assertThatNoException()
                        .isThrownBy(() -> fs.write("/app/write", "x".getBytes(StandardCharsets.US_ASCII), caller));
            });
            assumeTrue(run, "this process may not run on CPU " + cpu);
            assertThat(channel.stats())
                    .filteredOn(stats -> stats.cpu() == cpu)
                    .extracting(BufferStats::records)
                    .containsExactly(1L);
        }
    }

    private static int threadId() {
        try {
            return Integer.parseInt(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A read hands its bytes over before it counts them as consumed: who has them and writes finds their room.
    @Test
    void aWriterWaitsForTheRoomOfAReadThatIsUnderWay() throws Exception {
        fs.write("/control", "create app global=1 subbuf_size=16 n_subbufs=2");
        RelayFile cpu0 = (RelayFile) fs.tree.resolve("/app/cpu0");
        ThrowingRunnable[] ways = {
            () -> fs.write("/app/write", "x".repeat(16)),
            () -> cpu0.write(MemorySegment.ofArray(new byte[16]), 0, 16, MountedTree.ONE_PIECE, OWNER)
        };
        fs.write("/app/write", "x".repeat(16));
        fs.write("/app/write", "x".repeat(16));
        for (ThrowingRunnable way : ways) {
            FutureTask<Void> written = new FutureTask<>(() -> {
                way.run();
                return null;
            });
            Thread writer = Thread.ofPlatform().daemon().unstarted(written);
            cpu0.buffer().read(16, (pieces, count, total) -> {
                writer.start();
                Waiting.assertWaits(writer);
                return true;
            });
            written.get(20, TimeUnit.SECONDS);
        }
        assertThat(cpu0.buffer().stats().full()).isZero();
    }

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    @Test
    void aRefusedWriteToARelayFileStandsInTheLog() throws Exception {
        fs.write("/control", "create app global=1 subbuf_size=16 n_subbufs=1");
        RelayFile cpu0 = (RelayFile) fs.tree.resolve("/app/cpu0");
        MemorySegment bytes = MemorySegment.ofArray("_0123456789abcdefg".getBytes(StandardCharsets.US_ASCII));
        assertThat(refusal(() -> cpu0.write(bytes, 1, 17, 20, OWNER))).isEqualTo(Errno.EMSGSIZE);
        assertThat(refusal(() -> cpu0.write(bytes, 1, 16, 15, OWNER))).isEqualTo(Errno.EMSGSIZE);
        cpu0.write(bytes, 1, 16, 16, OWNER);
        assertThat(refusal(() -> cpu0.write(bytes, 1, 1, 20, OWNER))).isEqualTo(Errno.EAGAIN);
        fs.write("/control", "disable app");
        assertThat(refusal(() -> cpu0.write(bytes, 1, 1, 20, OWNER))).isEqualTo(Errno.ESHUTDOWN);
        assertThat(read(cpu0.buffer())).isEqualTo("0123456789abcdef");
        assertThat(fs.read("/error_log").lines().map(line -> line.substring(25)))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("EMSGSIZE /app/cpu0 \"0123456789abcdefg\" record: length=17"),
                        line -> assertThat(line).startsWith("EMSGSIZE /app/cpu0 \"0123456789abcdef\" write: length=16"),
                        line -> assertThat(line).startsWith("EAGAIN /app/cpu0 \"0\" channel app: the buffer is full"),
                        line -> assertThat(line).startsWith("ESHUTDOWN /app/cpu0 \"0\" channel app: disabled"));
    }
}
