package org.relayfs.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Client;

/// Field case 7: a lock says who is alive.
@Timeout(60)
class LivenessLocksTest {
    @TempDir
    private Path folder;

    private LivenessLocks owner;
    private LivenessLocks other;

    /// Holds byte 5 until it is killed.
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            LivenessLocks locks = LivenessLocks.open(Path.of(args[0]));
            System.out.println("holds " + locks.tryHold(5));
            while (System.in.read() >= 0) {
                // Until it is killed.
            }
            locks.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        owner = LivenessLocks.create(folder);
        other = LivenessLocks.open(folder);
    }

    @AfterEach
    void close() {
        owner.close();
        other.close();
    }

    @Test
    void whatOneHoldsAnotherCannotTake() throws IOException {
        assertThat(other.tryHold(7)).isTrue();
        assertThat(owner.tryHold(7)).isFalse();
        assertThat(owner.tryHold(8)).isTrue();
        assertThat(owner.isHeldByAnother(7)).isTrue();
        assertThat(owner.isHeldByAnother(6)).isFalse();
        assertThat(owner.isHeldByAnother(8)).isFalse();
        other.release(7);
        assertThat(owner.isHeldByAnother(7)).isFalse();
    }

    @Test
    void theOwnerLivesUntilItCloses() throws IOException {
        assertThat(other.isHeldByAnother(LivenessLocks.OWNER)).isTrue();
        assertThat(LivenessLocks.isOwnerAlive(folder)).contains(true);
        owner.close();
        assertThat(other.isHeldByAnother(LivenessLocks.OWNER)).isFalse();
        assertThat(LivenessLocks.isOwnerAlive(folder)).contains(false);
    }

    @Test
    void aLookDoesNotDropALock() throws IOException {
        for (int i = 0; i < 3; i++) {
            LivenessLocks.open(folder).close();
            assertThat(LivenessLocks.isOwnerAlive(folder)).contains(true);
        }
    }

    @Test
    void nobodyIsTakenForDeadByOneThatIsClosed() {
        other.close();
        other.close();
        assertThat(other.isHeldByAnother(9)).isTrue();
        other.release(9);
    }

    @Test
    void aProcessThatIsKilledHoldsNothing() throws Exception {
        try (Client holder = Client.startJava(Holder.class, folder.toString())) {
            holder.awaitLine("holds true");
            assertThat(owner.isHeldByAnother(5)).isTrue();
            holder.signal("KILL");
            holder.awaitEnd();
            assertThat(owner.isHeldByAnother(5)).isFalse();
        }
    }

    @Test
    void whoFindsTheFileFindsItLocked() throws IOException {
        assertThat(folder).isDirectoryContaining("glob:**/locks").isDirectoryNotContaining("glob:**/locks.new");
    }

    @Test
    void withoutAFileThereIsNoAnswer(@TempDir Path empty) throws IOException {
        assertThat(LivenessLocks.isOwnerAlive(empty)).isEmpty();
        assertThatThrownBy(() -> LivenessLocks.open(empty))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(empty.resolve("locks") + ": No such file");
        Files.delete(empty);
        assertThatThrownBy(() -> LivenessLocks.create(empty)).isInstanceOf(IOException.class);
        Files.createDirectory(empty);
    }

    @Test
    void aLinkIsNotFollowed(@TempDir Path empty) throws IOException {
        Files.createSymbolicLink(empty.resolve("locks"), folder.resolve("locks"));
        assertThatThrownBy(() -> LivenessLocks.isOwnerAlive(empty)).isInstanceOf(IOException.class);
    }
}
