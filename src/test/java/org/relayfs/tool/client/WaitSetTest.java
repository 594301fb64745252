package org.relayfs.tool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.linux.CurrentUser;
import org.relayfs.testing.Client;

/// Waiting and reading, on pipes, which behave as relay files do.
@Timeout(60)
class WaitSetTest {
    private static final int LONG_MS = 20_000;

    @TempDir
    private Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void makePipes() throws Exception {
        first = folder.resolve("first");
        second = folder.resolve("second");
        Client.shell("mkfifo \"$1\" \"$2\"", first, second);
    }

    private static long elapsedMs(long since) {
        return (System.nanoTime() - since) / 1_000_000;
    }

    @Test
    void whatHasDataIsReadyAndTheOtherIsNot() throws Exception {
        try (Arena arena = Arena.ofConfined();
                ClientFile one = ClientFile.open(first);
                ClientFile two = ClientFile.open(second);
                OutputStream toFirst = Files.newOutputStream(first);
                OutputStream toSecond = Files.newOutputStream(second);
                WaitSet set = new WaitSet()) {
            MemorySegment target = arena.allocate(10);
            set.setFiles(List.of(one, two));
            set.await(0);
            assertThat(set.isReady(0)).isFalse();
            assertThat(two.read(target)).as("nothing is there").isZero();
            toSecond.write(new byte[] {1, 2, 3});
            set.await(LONG_MS);
            assertThat(set.isReady(0)).isFalse();
            assertThat(set.isReady(1)).isTrue();
            assertThat(set.hasEnded(1)).isFalse();
            assertThat(two.read(target)).isEqualTo(3);
            toFirst.close();
            set.await(LONG_MS);
            assertThat(set.hasEnded(0)).isTrue();
            assertThat(set.hasEnded(1)).isFalse();
            assertThat(set.isOutputGone()).isFalse();
        }
    }

    @Test
    void aWaitEndsInTimeAndByAWord() throws Exception {
        try (ClientFile one = ClientFile.open(first);
                OutputStream ignored = Files.newOutputStream(first);
                WaitSet set = new WaitSet()) {
            set.setFiles(List.of(one));
            long start = System.nanoTime();
            set.await(100);
            assertThat(elapsedMs(start)).isBetween(90L, LONG_MS - 1L);
            Thread other = Thread.ofPlatform().start(set::wake);
            set.await(LONG_MS);
            other.join();
            // All that follow, too.
            set.await(LONG_MS);
            assertThat(elapsedMs(start)).isLessThan(LONG_MS);
            assertThat(set.isReady(0)).isFalse();
            set.close();
            set.wake();
        }
    }

    @Test
    void moreFilesThanBefore() throws Exception {
        try (ClientFile one = ClientFile.open(first);
                OutputStream toFirst = Files.newOutputStream(first);
                WaitSet set = new WaitSet()) {
            for (int count = 0; count < 100; count++) {
                set.setFiles(Collections.nCopies(count, one));
                set.await(0);
            }
            toFirst.write(1);
            set.await(LONG_MS);
            assertThat(set.isReady(98)).isTrue();
        }
    }

    @Test
    void whatCannotBeOpenedSaysWhy() throws Exception {
        assertThatThrownBy(() -> ClientFile.open(folder.resolve("none")).close())
                .isInstanceOf(NoSuchFileException.class);
        if (!CurrentUser.isRoot()) {
            Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("---------"));
            assertThatThrownBy(() -> ClientFile.open(first).close()).isInstanceOf(AccessDeniedException.class);
        }
        Path link = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        assertThatThrownBy(() -> ClientFile.open(link).close())
                .hasMessage("open: " + link + ": Too many levels of symbolic links");
    }

    @Test
    void aMappingShowsTheFileAndOutlivesIt() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[] {5, 6, 7});
        MemorySegment mapping;
        try (ClientFile open = ClientFile.open(file)) {
            mapping = open.map(3);
            assertThatThrownBy(() -> open.map(0))
                    .hasMessageContaining("mmap of 0 bytes: " + file + ": Invalid argument");
        }
        assertThat(mapping.get(ValueLayout.JAVA_BYTE, 2)).isEqualTo((byte) 7);
        try (ClientFile closed = ClientFile.open(file)) {
            closed.close();
            closed.close();
            assertThatThrownBy(() -> closed.map(3)).isInstanceOf(IllegalStateException.class);
        }
    }
}
