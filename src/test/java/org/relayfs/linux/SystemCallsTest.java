package org.relayfs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The one convention of all system calls: an answer, or a negative error number; and an exception that names call,
/// object and error.
@Timeout(60)
class SystemCallsTest {
    private static final int NO_FILE = -1;

    @TempDir
    private Path folder;

    @Test
    void eachAnswersTheNegativeErrorNumber() {
        int badDescriptor = Errno.EBADF.negative();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64, 8);
            assertThat(FileCalls.open(folder.resolve("none"), OpenFlags.O_RDONLY, 0))
                    .isEqualTo(Errno.ENOENT.negative());
            assertThat(FileCalls.read(NO_FILE, memory, 1)).isEqualTo(badDescriptor);
            assertThat(FileCalls.write(NO_FILE, memory, 1)).isEqualTo(badDescriptor);
            assertThat(FileCalls.writev(NO_FILE, memory, 1)).isEqualTo(badDescriptor);
            assertThat(FileCalls.fcntl(NO_FILE, 1, 0)).isEqualTo(badDescriptor);
            assertThat(FileCalls.ioctl(NO_FILE, 0x5413, memory)).isEqualTo(badDescriptor);
            assertThat(FileCalls.close(NO_FILE)).isEqualTo(badDescriptor);
            assertThat(MemoryCalls.truncate(NO_FILE, 1)).isEqualTo(badDescriptor);
            assertThat(MemoryCalls.allocate(NO_FILE, 0, 1)).isEqualTo(badDescriptor);
            assertThat(MemoryCalls.map(NO_FILE, 4096, MemoryCalls.SHARED_WRITABLE))
                    .isEqualTo(badDescriptor);
            assertThat(MemoryCalls.unmap(MemorySegment.ofAddress(1).reinterpret(1)))
                    .isEqualTo(Errno.EINVAL.negative());
            assertThat(MountCalls.unmount(folder.resolve("none"), false)).isEqualTo(Errno.ENOENT.negative());
            assertThat(SocketCalls.send(NO_FILE, new byte[1], new byte[1])).isEqualTo(badDescriptor);
            assertThat(WaitCalls.signal(NO_FILE)).isEqualTo(badDescriptor);
            assertThat(WaitCalls.poll(MemorySegment.NULL, 1, 0)).isEqualTo(Errno.EFAULT.negative());
        }
    }

    @Test
    void openForNoLinkFollowsNone() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(FileCalls.open(link, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW, 0))
                .isEqualTo(Errno.ELOOP.negative());
        assertThat(FileCalls.open(file, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0))
                .isEqualTo(Errno.ENOTDIR.negative());
    }

    @Test
    void anEpollSetOfNoFileIsRefused() throws IOException {
        try (Arena arena = Arena.ofConfined();
                EpollSet set = EpollSet.create(arena)) {
            assertThatThrownBy(() -> set.addReadable(NO_FILE))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessage("epoll_ctl: descriptor -1: Bad file descriptor");
        }
    }

    @Test
    void anEpollSetWaitsForWhatIsInIt() throws IOException {
        int first = WaitCalls.eventfd();
        int second = WaitCalls.eventfd();
        try (Arena arena = Arena.ofConfined();
                EpollSet set = EpollSet.create(arena)) {
            set.addReadable(first);
            set.addReadable(second);
            WaitCalls.signal(second);
            set.await();
            assertThat(FileCalls.read(first, arena.allocate(8), 8)).isEqualTo(Errno.EAGAIN.negative());
            assertThat(FileCalls.read(second, arena.allocate(8), 8)).isEqualTo(8);
        } finally {
            FileCalls.close(first);
            FileCalls.close(second);
        }
    }

    @Test
    void aFailureNamesCallObjectAndError() {
        SystemCallException e = new SystemCallException("open", folder, Errno.EACCES.negative());
        assertThat(e).hasMessage("open: " + folder + ": Permission denied");
        assertThat(e.is(Errno.EACCES)).isTrue();
        assertThat(e.is(Errno.ENOENT)).isFalse();
    }

    @Test
    void whatSucceedsPassesTheCheck() throws IOException {
        assertThat(SystemCallException.check(0, "open", folder)).isZero();
        assertThat(SystemCallException.check(7, "open", folder)).isEqualTo(7);
    }
}
