package org.relayfs.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.linux.ProcessIdentity;

/// Which folders are an owner's, and which of them were left behind.
class OwnerFolderTest {
    private Path living;
    private LivenessLocks locks;

    @BeforeEach
    void makeAnOwner() throws IOException {
        living = SharedFolder.create();
        locks = LivenessLocks.create(living);
    }

    @AfterEach
    void remove() throws IOException {
        locks.close();
        SharedFolder.remove(living);
        SharedFolder.removeHomeIfEmpty(living);
    }

    private static Optional<OwnerFolder> find(Path folder) throws IOException {
        return OwnerFolder.list(false).stream()
                .filter(owner -> owner.path().equals(folder))
                .findFirst();
    }

    @Test
    void theLockDecidesAndNotThePid() throws IOException {
        assertThat(find(living)).get().matches(folder -> !folder.isLeftBehind());
        // The same process, and no lock: as after the end of an owner whose pid another process has now.
        locks.close();
        assertThat(find(living)).get().matches(OwnerFolder::isLeftBehind);
    }

    @Test
    void anOwnerWhosePidMeansNothingHereIsAlive() throws IOException {
        Path elsewhere = living.resolveSibling("999999999-1-1");
        Files.createDirectory(elsewhere);
        LivenessLocks held = LivenessLocks.create(elsewhere);
        try {
            assertThat(find(elsewhere)).get().matches(folder -> !folder.isLeftBehind());
        } finally {
            held.close();
            SharedFolder.remove(elsewhere);
        }
    }

    @Test
    void withoutALockFileThePidDecides() throws IOException {
        ProcessIdentity self = ProcessIdentity.current();
        Path old = living.resolveSibling(self.pid() + "-" + self.start() + "-99999");
        Path dead = living.resolveSibling("999999999-1-2");
        for (Path folder : List.of(old, dead)) {
            Files.createDirectory(folder);
        }
        try {
            assertThat(find(old)).get().matches(folder -> !folder.isLeftBehind());
            assertThat(find(dead)).get().matches(OwnerFolder::isLeftBehind);
        } finally {
            SharedFolder.remove(old);
            SharedFolder.remove(dead);
        }
    }

    @Test
    void whatIsNamedOtherwiseIsNotAnOwners() throws IOException {
        for (String name : List.of("1-1", "1-1-1x", "1-1-x", "x1-1-1", "12345678901-1-1", "1-1-1-1")) {
            Path folder = Files.createDirectory(living.resolveSibling(name));
            try {
                assertThat(find(folder)).as(name).isEmpty();
            } finally {
                Files.delete(folder);
            }
        }
    }

    @Test
    void itsSizeIsThatOfAllItsFiles() throws IOException {
        Files.createDirectories(living.resolve("a"));
        Files.write(living.resolve("a/meta"), new byte[100]);
        Files.write(living.resolve("b"), new byte[11]);
        assertThat(find(living).orElseThrow().size()).isEqualTo(111);
    }

    @Test
    void removingItRemovesWhatIsInItAndNotWhereLinksLead() throws IOException {
        Path outside = Files.createTempDirectory("outside");
        Files.write(outside.resolve("kept"), new byte[1]);
        Path dead = Files.createDirectory(living.resolveSibling("999999999-1-3"));
        Files.createDirectories(dead.resolve("a/b"));
        Files.write(dead.resolve("a/b/c"), new byte[1]);
        Files.createSymbolicLink(dead.resolve("a/link"), outside);
        find(dead).orElseThrow().remove();
        assertThat(dead).doesNotExist();
        assertThat(outside.resolve("kept")).exists();
        SharedFolder.remove(outside);
    }
}
