package org.relayfs.fuse.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.linux.OpenFlags.O_WRONLY;
import static org.relayfs.testing.Refusal.refusal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.wire.RecordedDevice;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.ControlFile;
import org.relayfs.tree.RelayFile;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.handler.HandlerLimits;

final class WriteQueueTest {
    private static final int SIZE = 4096;
    private static final Caller ROOT = new Caller(0, 0, 1, true);

    @TempDir
    private Path folder;

    private final OpenRelayFile writer = new OpenRelayFile(1, false, 0);
    private final WaitingRequests all = new WaitingRequests();
    private Relay relay;
    private RelayTree tree;
    private RelayChannel channel;
    private RecordedDevice device;
    private ThreadTools tools;
    private WriteQueue queue;

    @BeforeEach
    void open() throws Exception {
        relay = Relay.create();
        tree = new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 2, HandlerLimits.DEFAULT));
        put("/control", "create app subbuf_size=4096 n_subbufs=1 global=1 blocking_writes=1");
        channel = relay.channel("app").orElseThrow();
        device = RecordedDevice.in(folder);
        tools = ThreadTools.of(Arena.ofAuto(), device.descriptor());
        RelayFile file = (RelayFile) tree.resolve("/app/cpu0");
        queue = new WriteQueue(file, RecordedDevice.agreed(MmapMode.OFF, false), all);
        queue.submit(write(1, SIZE), tools);
        assertWritten(1);
    }

    private void put(String path, String text) throws ErrnoException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        ((ControlFile) tree.resolve(path)).open(O_WRONLY, ROOT).write(bytes, SIZE, ROOT);
    }

    @AfterEach
    void close() {
        tree.close();
        relay.close();
        device.close();
    }

    private WriteRequest write(long unique, int length) {
        return new WriteRequest(unique, writer, 0, MemorySegment.ofArray(new byte[length]), ROOT);
    }

    private void assertWritten(long unique) throws IOException {
        RecordedDevice.Message message = device.only();
        assertThat(message.unique()).isEqualTo(unique);
        assertThat(message.error()).isZero();
    }

    private void assertRefused(long unique, Errno errno) throws IOException {
        RecordedDevice.Message message = device.only();
        assertThat(message.unique()).isEqualTo(unique);
        assertThat(message.error()).isEqualTo(errno.negative());
        assertThat(all.count(WriteQueue.class)).isZero();
    }

    private void makeRoom() {
        channel.buffers().getFirst().subBuffersConsumed(1);
    }

    @Test
    void aWriteWaitsForRoom() throws Exception {
        queue.submit(write(2, 10), tools);
        assertThat(device.sent()).isEmpty();
        queue.serve(tools);
        assertThat(device.sent()).isEmpty();
        assertThat(all.count(WriteQueue.class)).isOne();
        makeRoom();
        queue.serve(tools);
        assertWritten(2);
        assertThat(all.count(WriteQueue.class)).isZero();
        assertThat(channel.dropped()).isZero();
    }

    /// Also when there is room by then.
    @Test
    void whoComesLaterIsBehind() throws Exception {
        queue.submit(write(2, SIZE), tools);
        queue.submit(write(3, 10), tools);
        makeRoom();
        queue.submit(write(4, 10), tools);
        assertWritten(2);
        makeRoom();
        queue.serve(tools);
        assertThat(device.sent()).extracting(RecordedDevice.Message::unique).containsExactly(3L, 4L);
    }

    @Test
    void anInterruptEndsTheWaitOnce() throws Exception {
        queue.submit(write(2, 10), tools);
        assertThat(all.interrupt(2)).isSameAs(queue);
        queue.interrupt(2, tools.replies());
        assertRefused(2, Errno.EINTR);
        queue.interrupt(2, tools.replies());
        makeRoom();
        queue.serve(tools);
        assertThat(device.sent()).isEmpty();
    }

    /// Another thread may read the INTERRUPT before this one has parked the write.
    @Test
    void anInterruptThatComesFirstIsRemembered() throws Exception {
        assertThat(all.interrupt(2)).isNull();
        queue.submit(write(2, 10), tools);
        assertRefused(2, Errno.EINTR);
    }

    @Test
    void theEndOfTheMountEndsIt() throws Exception {
        queue.submit(write(2, 10), tools);
        all.end();
        queue.serve(tools);
        assertRefused(2, Errno.ESHUTDOWN);
        assertThat(refusal(() -> queue.submit(write(3, 10), tools))).isEqualTo(Errno.ESHUTDOWN);
    }

    @Test
    void switchedOffItIsRefusedAndCounted() throws Exception {
        queue.submit(write(2, 10), tools);
        put("/app/blocking_writes", "0");
        queue.serve(tools);
        assertRefused(2, Errno.EAGAIN);
        assertThat(channel.dropped()).isOne();
    }
}
