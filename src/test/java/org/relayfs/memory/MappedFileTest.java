package org.relayfs.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.linux.Errno;

class MappedFileTest {
    @TempDir
    private Path temp;

    @Test
    void aNewFileIsPrivateAndTakesTheMemoryThatIsReserved() throws Exception {
        Path path = temp.resolve("new");
        MappedFile file = MappedFile.create(path, 8192, 4096);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(file.memory().byteSize()).isEqualTo(8192);
        assertThat(file.memory().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                .containsOnly(0);
    }

    @Test
    void neitherAnExistingFileNorALinkIsTakenForANewOne() throws Exception {
        Path there = Files.writeString(temp.resolve("there"), "kept");
        Path link = Files.createSymbolicLink(temp.resolve("link"), there);
        Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("nowhere"));

        for (Path path : new Path[] {there, link, dangling}) {
            assertThatThrownBy(() -> MappedFile.create(path, 4096, 4096)).isInstanceOf(IOException.class);
        }
        assertThat(there).hasContent("kept");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(temp.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aLinkOrAShortFileIsNotOpened() throws Exception {
        Path path = temp.resolve("file");
        MappedFile.create(path, 4096, 4096);
        Path link = Files.createSymbolicLink(temp.resolve("link"), path);

        assertThat(MappedFile.open(path, 4096).memory().byteSize()).isEqualTo(4096);
        assertThatThrownBy(() -> MappedFile.open(link, 4096)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> MappedFile.open(path, 4097))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too short: length=4096, limit=4097");
    }

    /// The kernel gives up what it was about when a signal comes.
    @Test
    void anAllocationThatSignalsInterruptIsTriedAgain() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(MappedFile.throughSignals(
                        () -> calls.incrementAndGet() < 4 ? Errno.EINTR.negative() : Errno.ENOSPC.negative()))
                .isEqualTo(Errno.ENOSPC.negative());
        assertThat(calls).hasValue(4);
    }

    @Test
    void anAllocationThatIsAlwaysInterruptedEnds() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(MappedFile.throughSignals(() -> {
                    calls.incrementAndGet();
                    return Errno.EINTR.negative();
                }))
                .isEqualTo(Errno.EINTR.negative());
        assertThat(calls.get()).isBetween(2, 10_000);
    }
}
