package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ListenTurn;
import org.relayfs.fuse.wire.RecordedDevice;
import org.relayfs.fuse.wire.RecordedDevice.Message;
import org.relayfs.linux.Errno;
import org.relayfs.tree.RelayFile;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.TreeSpace;
import org.relayfs.tree.access.OpenFileLimit;

/// Answers to requests that a kernel makes at rare moments: between two steps of something else, or never.
final class DataPlaneTest {
    private static final int STRANGER = 3000;
    private static final long KERNEL_HANDLE = 77;

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofAuto();
    private Relay relay;
    private RelayChannel channel;
    private RelayTree tree;
    private RelayFile file;
    private RecordedDevice device;
    private ThreadTools tools;
    private DataPlane data;
    private long unique;

    @BeforeEach
    void open() throws Exception {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(4096, 4).withGlobal(true).withFileMode(0666));
        tree = new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 2));
        file = (RelayFile) tree.resolve("/app/cpu0");
        device = RecordedDevice.in(folder);
        tools = ThreadTools.of(arena, device.descriptor());
        Handshake handshake = new Handshake(MmapMode.OFF);
        handshake.finish(() -> false);
        data = new DataPlane(
                MountOptions.defaults(),
                handshake,
                new BackingFiles(-1, handshake),
                new PollNotifier(-1),
                new FuseDevice(device.descriptor()),
                new OpenFileLimit(0),
                () -> new TreeSpace(10 * 4096, 7 * 4096, 5, 3));
    }

    @AfterEach
    void close() {
        tree.close();
        relay.close();
        device.close();
    }

    private long lookUp() throws IOException {
        data.handOver(file, ++unique, tools.replies());
        return device.only().longAt(FuseProtocol.ENTRY_NODE_ID);
    }

    private FuseRequest request(int opcode, long nodeId, Consumer<MemorySegment> body) {
        return RecordedDevice.request(opcode, ++unique, nodeId, body);
    }

    private Message answer(FuseRequest request) throws IOException {
        data.serve(request, tools, new ListenTurn());
        Message message = device.only();
        assertThat(message.unique()).isEqualTo(request.unique());
        return message;
    }

    private Message answer(int opcode, long nodeId, Consumer<MemorySegment> body) throws IOException {
        return answer(request(opcode, nodeId, body));
    }

    private Message attributes(long nodeId) throws IOException {
        return answer(FuseProtocol.GETATTR, nodeId, body -> {});
    }

    private long openFile(long nodeId) throws IOException {
        Message message = answer(FuseProtocol.OPEN, nodeId, body -> {});
        assertThat(message.error()).isZero();
        return message.longAt(FuseProtocol.OPEN_OUT_HANDLE);
    }

    private static void assertRefused(Message message, Errno errno) {
        assertThat(Errno.text(message.error())).isEqualTo(Errno.text(errno.negative()));
    }

    @Test
    void aFileThatWasRemovedMeanwhileIsNotHandedOver() throws IOException {
        long id = lookUp();
        data.forget(id, 1);
        channel.close();
        data.handOver(file, ++unique, tools.replies());
        assertRefused(device.only(), Errno.ENOENT);
        assertRefused(attributes(id + 1), Errno.ENOENT);
    }

    @Test
    void aNodeIsForgottenWhenTheKernelDoesNotTakeIt() throws IOException {
        long id = lookUp();
        data.forget(id, 1);
        try (RecordedDevice full = RecordedDevice.refusing()) {
            data.handOver(
                    file, ++unique, ThreadTools.of(arena, full.descriptor()).replies());
        }
        assertRefused(attributes(id + 1), Errno.ENOENT);
        assertThat(lookUp()).isEqualTo(id + 2);
    }

    @Test
    void theLastCloseOfARemovedFileGivesItUp() throws IOException {
        long id = lookUp();
        long first = openFile(id);
        long second = openFile(id);
        channel.close();
        data.releaseUnused();
        assertThat(attributes(id).error()).isZero();
        answer(FuseProtocol.RELEASE, id, body -> body.set(JAVA_LONG, FuseProtocol.RELEASE_HANDLE, first));
        assertThat(attributes(id).error()).as("still open").isZero();
        answer(FuseProtocol.RELEASE, id, body -> body.set(JAVA_LONG, FuseProtocol.RELEASE_HANDLE, second));
        assertRefused(attributes(id), Errno.ENOENT);
    }

    @Test
    void aDescriptorThatTheKernelDoesNotTakeIsClosed() throws IOException {
        long id = lookUp();
        try (RecordedDevice full = RecordedDevice.refusing()) {
            data.serve(request(FuseProtocol.OPEN, id, body -> {}), ThreadTools.of(arena, full.descriptor()), turn());
        }
        channel.close();
        data.releaseUnused();
        assertRefused(attributes(id), Errno.ENOENT);
    }

    private static ListenTurn turn() {
        return new ListenTurn();
    }

    @Test
    void aRemovedFileCannotBeOpened() throws IOException {
        long id = lookUp();
        channel.close();
        assertRefused(answer(FuseProtocol.OPEN, id, body -> {}), Errno.ENOENT);
        assertThat(attributes(id).error()).as("still known").isZero();
    }

    @Test
    void nothingIsReleasedOnceTheSessionIsOver() throws IOException {
        long id = lookUp();
        channel.close();
        data.detach();
        data.releaseUnused();
        assertThat(attributes(id).error()).isZero();
    }

    @Test
    void aForgottenNodeIsUnknownAndAForgetHasNoAnswer() throws IOException {
        long id = lookUp();
        data.serve(
                request(FuseProtocol.FORGET, id, body -> body.set(JAVA_LONG, FuseProtocol.FORGET_LOOKUPS, 1L)),
                tools,
                turn());
        data.serve(request(FuseProtocol.FORGET, id, body -> {}), tools, turn());
        assertThat(device.sent()).isEmpty();
        assertRefused(attributes(id), Errno.ENOENT);
    }

    @Test
    void theSpaceOfTheTreeIsShown() throws IOException {
        Message space = answer(FuseProtocol.STATFS, lookUp(), body -> {});
        assertThat(space.longAt(FuseProtocol.STATFS_BLOCKS)).isEqualTo(10);
        assertThat(space.longAt(FuseProtocol.STATFS_FREE)).isEqualTo(7);
        assertThat(space.longAt(FuseProtocol.STATFS_AVAILABLE)).isEqualTo(7);
        assertThat(space.longAt(FuseProtocol.STATFS_FILES)).isEqualTo(5);
        assertThat(space.longAt(FuseProtocol.STATFS_FREE_FILES)).isEqualTo(3);
        assertThat(space.intAt(FuseProtocol.STATFS_BLOCK_SIZE)).isEqualTo(4096);
        assertThat(space.intAt(FuseProtocol.STATFS_FRAGMENT_SIZE)).isEqualTo(4096);
        assertThat(space.intAt(FuseProtocol.STATFS_NAME_LENGTH)).isEqualTo(255);
    }

    @Test
    void unknownRequestsAndHandlesAreRefused() throws IOException {
        long id = lookUp();
        assertRefused(answer(63, id, body -> {}), Errno.ENOSYS);
        assertRefused(answer(64, id, body -> {}), Errno.ENOSYS);
        assertRefused(answer(-1, id, body -> {}), Errno.ENOSYS);
        assertRefused(answer(FuseProtocol.IOCTL, id, body -> {}), Errno.ENOTTY);
        assertRefused(answer(FuseProtocol.FALLOCATE, id, body -> {}), Errno.EOPNOTSUPP);
        assertRefused(answer(FuseProtocol.FSYNC, id, body -> {}), Errno.EINVAL);
        assertRefused(answer(FuseProtocol.COPY_FILE_RANGE, id, body -> {}), Errno.EINVAL);
        assertRefused(answer(FuseProtocol.LSEEK, id, body -> {}), Errno.EINVAL);
        assertThat(answer(FuseProtocol.FLUSH, id, body -> {}).error()).isZero();
        assertRefused(
                answer(FuseProtocol.READ, id, body -> {
                    body.set(JAVA_LONG, FuseProtocol.READ_HANDLE, 99L);
                    body.set(JAVA_INT, FuseProtocol.READ_FLAGS, FuseProtocol.READ_LOCKOWNER);
                }),
                Errno.EBADF);
    }

    @Test
    void aPageThatIsWrittenBackIsNoRecord() throws IOException {
        long id = lookUp();
        long handle = openFile(id);
        Consumer<MemorySegment> write = body -> {
            body.set(JAVA_LONG, FuseProtocol.WRITE_HANDLE, handle);
            body.set(JAVA_INT, FuseProtocol.WRITE_SIZE, 10);
            body.set(JAVA_INT, FuseProtocol.WRITE_FLAGS, FuseProtocol.WRITE_CACHE);
        };
        assertRefused(answer(FuseProtocol.WRITE, id, write), Errno.EIO);
        assertThat(file.buffer().stats().records()).isZero();
    }

    @Test
    void othersOpenALimitedNumberAtATime() throws IOException {
        long id = lookUp();
        long handle = 0;
        for (int i = 0; i < 1024; i++) {
            Message opened = answer(RecordedDevice.by(STRANGER, request(FuseProtocol.OPEN, id, body -> {})));
            assertThat(opened.error()).isZero();
            handle = opened.longAt(FuseProtocol.OPEN_OUT_HANDLE);
        }
        assertRefused(answer(RecordedDevice.by(STRANGER, request(FuseProtocol.OPEN, id, body -> {}))), Errno.ENFILE);
        long last = handle;
        answer(FuseProtocol.RELEASE, id, body -> body.set(JAVA_LONG, FuseProtocol.RELEASE_HANDLE, last));
        assertThat(answer(RecordedDevice.by(STRANGER, request(FuseProtocol.OPEN, id, body -> {})))
                        .error())
                .isZero();
    }

    private Message poll(long id, long handle) throws IOException {
        return answer(FuseProtocol.POLL, id, body -> {
            body.set(JAVA_LONG, FuseProtocol.POLL_HANDLE, handle);
            body.set(JAVA_LONG, FuseProtocol.POLL_KERNEL_HANDLE, KERNEL_HANDLE);
            body.set(JAVA_INT, FuseProtocol.POLL_FLAGS, FuseProtocol.POLL_SCHEDULE_NOTIFY);
        });
    }

    private void deliver() {
        channel.write(new byte[1000]);
        channel.flush();
    }

    @Test
    void aPollerIsToldUntilItsFileIsClosed() throws IOException {
        long id = lookUp();
        long handle = openFile(id);
        assertThat(poll(id, handle).intAt(FuseProtocol.POLL_OUT_EVENTS)).isZero();
        deliver();
        Message told = device.only();
        assertThat(told.error()).isEqualTo(FuseProtocol.NOTIFY_POLL);
        assertThat(told.longAt(0)).isEqualTo(KERNEL_HANDLE);
        deliver();
        assertThat(device.sent()).as("once").isEmpty();
        poll(id, handle);
        answer(FuseProtocol.RELEASE, id, body -> body.set(JAVA_LONG, FuseProtocol.RELEASE_HANDLE, handle));
        deliver();
        assertThat(device.sent()).as("closed").isEmpty();
    }

    @Test
    void nobodyIsToldOnceTheSessionIsOver() throws IOException {
        long id = lookUp();
        poll(id, openFile(id));
        data.detach();
        deliver();
        assertThat(device.sent()).isEmpty();
    }
}
