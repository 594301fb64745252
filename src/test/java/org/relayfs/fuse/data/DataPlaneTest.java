package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelCallbacks;
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
import org.relayfs.linux.OpenFlags;
import org.relayfs.tree.RelayFile;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.TreeSpace;
import org.relayfs.tree.access.OpenFileLimit;
import org.relayfs.tree.handler.HandlerLimits;

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
    private PollNotifier notifier;
    private DataPlane data;
    private long unique;

    @BeforeEach
    void open() throws Exception {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(4096, 4).withGlobal(true).withFileMode(0666));
        tree = new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 2, HandlerLimits.DEFAULT));
        file = (RelayFile) tree.resolve("/app/cpu0");
        device = RecordedDevice.in(folder);
        tools = ThreadTools.of(arena, device.descriptor());
        start(MmapMode.OFF);
    }

    private void start(MmapMode mode) {
        Handshake handshake = RecordedDevice.agreed(mode, true);
        notifier = new PollNotifier(device.descriptor());
        data = new DataPlane(
                MountOptions.defaults(),
                handshake,
                new BackingFiles(-1, handshake),
                notifier,
                new FuseDevice(device.descriptor()),
                new OpenFileLimit(0),
                () -> new TreeSpace(10 * 4096, 7 * 4096, 5, 3));
    }

    /// The notifier does what there is to do.
    private void runNotifier() {
        notifier.stop();
        notifier.run();
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

    private int events(long id, long handle) throws IOException {
        return answer(FuseProtocol.POLL, id, body -> body.set(JAVA_LONG, FuseProtocol.POLL_HANDLE, handle))
                .intAt(FuseProtocol.POLL_OUT_EVENTS);
    }

    private void fillPage(long id) throws IOException {
        answer(FuseProtocol.READ, id, body -> body.set(JAVA_INT, FuseProtocol.READ_SIZE, 4096));
    }

    private List<Integer> kinds() throws IOException {
        return device.sent().stream().map(Message::error).toList();
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

    @Test
    void whoPollsASecondDescriptorIsToldByTheNotifier() throws IOException {
        long id = lookUp();
        poll(id, openFile(id));
        poll(id, openFile(id));
        deliver();
        assertThat(kinds()).hasSize(1);
        runNotifier();
        assertThat(kinds()).containsExactly(FuseProtocol.NOTIFY_POLL);
        deliver();
        runNotifier();
        assertThat(kinds()).as("nobody asked again").isEmpty();
    }

    @Test
    void whoDoesNotAskToBeToldIsNot() throws IOException {
        long id = lookUp();
        long handle = openFile(id);
        answer(FuseProtocol.POLL, id, body -> body.set(JAVA_LONG, FuseProtocol.POLL_HANDLE, handle));
        deliver();
        runNotifier();
        assertThat(kinds()).isEmpty();
    }

    @Test
    void atTheEndPollersAreToldAndSeeIt() throws IOException {
        long id = lookUp();
        long handle = openFile(id);
        poll(id, handle);
        data.end();
        runNotifier();
        assertThat(kinds()).containsExactly(FuseProtocol.NOTIFY_POLL);
        assertThat(poll(id, handle).intAt(FuseProtocol.POLL_OUT_EVENTS))
                .isEqualTo(FuseProtocol.POLLERR | FuseProtocol.POLLHUP);
    }

    @Test
    void onlyADescriptorForReadingIsReadable() throws IOException {
        long id = lookUp();
        deliver();
        assertThat(events(id, openFile(id))).isEqualTo(FuseProtocol.POLLIN | FuseProtocol.POLLRDNORM);
        long writing = answer(
                        FuseProtocol.OPEN, id, body -> body.set(JAVA_INT, FuseProtocol.OPEN_FLAGS, OpenFlags.O_WRONLY))
                .longAt(FuseProtocol.OPEN_OUT_HANDLE);
        assertThat(events(id, writing)).isZero();
        channel.close();
        assertThat(events(id, writing)).isEqualTo(FuseProtocol.POLLERR | FuseProtocol.POLLHUP);
    }

    @Test
    void anOpenFileIsAStream() throws IOException {
        Message opened = answer(FuseProtocol.OPEN, lookUp(), body -> {});
        assertThat(opened.intAt(FuseProtocol.OPEN_OUT_FLAGS))
                .isEqualTo(FuseProtocol.FOPEN_DIRECT_IO | FuseProtocol.FOPEN_NOFLUSH | FuseProtocol.FOPEN_NONSEEKABLE);
        assertThat(opened.intAt(FuseProtocol.OPEN_OUT_BACKING_ID)).isZero();
    }

    @Test
    void othersAreCheckedHereUnlessTheKernelDoes() throws IOException {
        long id = lookUp();
        Consumer<MemorySegment> execute = body -> body.set(JAVA_INT, FuseProtocol.ACCESS_MASK, 1);
        assertRefused(answer(RecordedDevice.by(STRANGER, request(FuseProtocol.ACCESS, id, execute))), Errno.EACCES);
    }

    @Test
    void aPageIsFilledWithCachedMappingsOnly() throws IOException {
        Consumer<MemorySegment> page = body -> body.set(JAVA_INT, FuseProtocol.READ_SIZE, 4096);
        assertRefused(answer(FuseProtocol.READ, lookUp(), page), Errno.EINVAL);
        start(MmapMode.PASSTHROUGH);
        assertRefused(answer(FuseProtocol.READ, lookUp(), page), Errno.EINVAL);
        start(MmapMode.CACHED);
        assertThat(answer(FuseProtocol.READ, lookUp(), page).body()).hasSize(4096);
    }

    @Test
    void aCachedFileIsNeverShorterThanItsMapping() throws IOException {
        start(MmapMode.CACHED);
        long id = lookUp();
        int size = FuseProtocol.ATTR_OUT_ATTR + 8;
        assertThat(attributes(id).longAt(size)).isEqualTo(4 * 4096);
        for (int i = 0; i < 17; i++) {
            deliver();
            file.buffer().read(4096, (pieces, count, total) -> true);
        }
        assertThat(attributes(id).longAt(size)).isEqualTo(17_000);
    }

    @Test
    void cachedPagesAreDroppedAtEveryDelivery() throws IOException {
        start(MmapMode.CACHED);
        long id = lookUp();
        fillPage(id);
        for (int i = 0; i < 3; i++) {
            deliver();
            runNotifier();
            Message dropped = device.only();
            assertThat(dropped.unique()).isZero();
            assertThat(dropped.longAt(0)).isEqualTo(id);
        }
        data.forget(id, 1);
        deliver();
        runNotifier();
        assertThat(kinds()).as("the kernel has forgotten them").isEmpty();
    }

    @Test
    void pollersLearnOfASubBufferAfterStalePagesAreDropped() throws IOException {
        start(MmapMode.CACHED);
        long id = lookUp();
        long handle = openFile(id);
        fillPage(id);
        deliver();
        data.serve(
                request(FuseProtocol.POLL, id, body -> body.set(JAVA_LONG, FuseProtocol.POLL_HANDLE, handle)),
                tools,
                turn());
        assertThat(kinds()).as("not yet").isEmpty();
        runNotifier();
        List<Message> messages = device.sent();
        assertThat(messages.getFirst().longAt(0)).isEqualTo(id);
        assertThat(messages.getLast().unique()).isEqualTo(unique);
    }

    @Test
    void controlFilesTellOfASubBufferAfterStalePagesAreDropped() throws IOException {
        byte[] reply = new byte[FuseProtocol.OUT_HEADER_SIZE];
        reply[0] = FuseProtocol.OUT_HEADER_SIZE;
        assertThat(data.sendAfterRenewal(() -> reply)).as("no cached mappings").isFalse();
        start(MmapMode.CACHED);
        long id = lookUp();
        assertThat(data.sendAfterRenewal(() -> reply)).as("none is filled").isFalse();
        fillPage(id);
        file.buffer().setDeliveryListener(delivered -> {}); // the notifier does not know yet
        deliver();
        assertThat(data.sendAfterRenewal(() -> reply)).isTrue();
        assertThat(kinds()).as("not yet").isEmpty();
        runNotifier();
        List<Message> messages = device.sent();
        assertThat(messages.getFirst().longAt(0)).isEqualTo(id);
        assertThat(messages.getLast().body()).isEmpty();
        assertThat(data.sendAfterRenewal(() -> reply)).as("renewed").isFalse();
    }

    private static boolean isTaken(ListenTurn turn) throws InterruptedException {
        Thread other = Thread.ofPlatform().daemon().start(turn::take);
        while (other.isAlive() && other.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return other.isAlive();
    }

    private boolean keepsTurn(FuseRequest request) throws Exception {
        ListenTurn turn = new ListenTurn();
        turn.take();
        data.serve(request, tools, turn);
        device.sent();
        return isTaken(turn);
    }

    /// The client of a channel may take as long as it likes in a switch, which readers and pollers then wait for.
    @Test
    void somebodyElseListensWhileAClientMayBeAsked() throws Exception {
        long id = lookUp();
        long handle = openFile(id);
        Consumer<MemorySegment> read = body -> {
            body.set(JAVA_LONG, FuseProtocol.READ_HANDLE, handle);
            body.set(JAVA_INT, FuseProtocol.READ_SIZE, 4096);
            body.set(JAVA_INT, FuseProtocol.READ_FLAGS, FuseProtocol.READ_LOCKOWNER);
        };
        Consumer<MemorySegment> poll = body -> body.set(JAVA_LONG, FuseProtocol.POLL_HANDLE, handle);
        assertThat(keepsTurn(request(FuseProtocol.READ, id, read))).isTrue();
        assertThat(keepsTurn(request(FuseProtocol.POLL, id, poll))).isTrue();
        assertThat(keepsTurn(request(FuseProtocol.GETATTR, id, body -> {}))).isTrue();
        assertThat(keepsTurn(request(FuseProtocol.ACCESS, id, body -> {}))).isFalse();
        relay.open("asked", ChannelConfig.of(4096, 4).withGlobal(true).withCallbacks(new ChannelCallbacks() {}));
        file = (RelayFile) tree.resolve("/asked/cpu0");
        long asked = lookUp();
        assertThat(openFile(asked)).isEqualTo(handle + 1);
        Consumer<MemorySegment> second = body -> body.set(JAVA_LONG, FuseProtocol.READ_HANDLE, handle + 1);
        assertThat(keepsTurn(request(FuseProtocol.READ, asked, read.andThen(second))))
                .isFalse();
        assertThat(keepsTurn(request(FuseProtocol.POLL, asked, poll.andThen(second))))
                .isFalse();
    }

    /// Field case 9. Root could attach itself as well.
    @Test
    void onlyTheOwnerAndRootGetTheMemoryItself() throws IOException {
        start(MmapMode.PASSTHROUGH);
        long id = lookUp();
        int owner = 5;
        answer(FuseProtocol.SETATTR, id, body -> {
            body.set(JAVA_INT, 0, 1 << 1); // FATTR_UID
            body.set(JAVA_INT, 76, owner);
        });
        Consumer<MemorySegment> both = body -> body.set(JAVA_INT, FuseProtocol.OPEN_FLAGS, OpenFlags.O_RDWR);
        assertThat(answer(FuseProtocol.OPEN, id, both).error()).isZero();
        assertThat(answer(RecordedDevice.by(owner, request(FuseProtocol.OPEN, id, both)))
                        .error())
                .isZero();
        assertRefused(answer(RecordedDevice.by(STRANGER, request(FuseProtocol.OPEN, id, both))), Errno.EACCES);
    }
}
