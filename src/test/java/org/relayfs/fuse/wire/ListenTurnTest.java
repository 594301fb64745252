package org.relayfs.fuse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ListenTurnTest {
    private static final int SHORT = 16 << 10;
    private static final int LONG = 256 << 10;

    private final ListenTurn turn = new ListenTurn();

    @BeforeEach
    void listen() {
        turn.take();
        turn.empty();
    }

    @AfterEach
    void end() {
        turn.pass();
    }

    /// Whether another thread gets the turn, which it gives back.
    private boolean isPassed() throws InterruptedException {
        Thread other = Thread.ofPlatform().daemon().start(() -> {
            turn.take();
            turn.pass();
        });
        while (other.isAlive() && other.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        boolean passed = !other.isAlive();
        turn.take();
        turn.pass();
        assertThat(other.join(Duration.ofSeconds(20))).isTrue();
        turn.take();
        return passed;
    }

    private boolean passes(int client, int bytes) throws InterruptedException {
        turn.passUnlessBrief(client, bytes);
        return isPassed();
    }

    @Test
    void aShortAnswerIsGivenFirst() throws InterruptedException {
        assertThat(passes(1, 0)).isFalse();
        assertThat(passes(2, SHORT)).isFalse();
        assertThat(passes(3, SHORT)).as("however many clients").isFalse();
    }

    @Test
    void aLongAnswerIsGivenFirstUnlessOthersWait() throws InterruptedException {
        assertThat(passes(1, LONG)).isFalse();
        assertThat(passes(1, LONG)).isFalse();
        assertThat(passes(1, LONG + 1)).isTrue();
        assertThat(passes(2, SHORT + 1)).as("another client").isTrue();
        assertThat(passes(2, SHORT)).isFalse();
    }

    @Test
    void nobodyWaitsAfterTheDeviceWasEmpty() throws InterruptedException {
        assertThat(passes(1, LONG)).isFalse();
        assertThat(passes(2, LONG)).isTrue();
        turn.empty();
        assertThat(passes(2, LONG)).isFalse();
        assertThat(passes(3, LONG)).as("one change since").isFalse();
        assertThat(passes(4, LONG)).isTrue();
    }

    @Test
    void itIsSharedWhenAnotherClientHasAskedSinceTheDeviceWasEmpty() {
        turn.passUnlessBrief(1, 0);
        turn.empty();
        turn.passUnlessBrief(1, 0);
        assertThat(turn.isShared()).isFalse();
        turn.passUnlessBrief(2, 0);
        assertThat(turn.isShared()).isTrue();
        turn.empty();
        assertThat(turn.isShared()).isFalse();
    }

    @Test
    void whatMayWaitPassesTheTurn() throws InterruptedException {
        assertThat(passes(1, -1)).isTrue();
    }

    @Test
    void whoHasTheTurnMayAskForItAgain() throws InterruptedException {
        turn.take();
        turn.pass();
        assertThat(isPassed()).isTrue();
    }
}
