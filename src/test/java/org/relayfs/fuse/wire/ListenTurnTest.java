package org.relayfs.fuse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /// How many requests are waited for before the device is read at once.
    private int waits() {
        int count = 0;
        while (!turn.expectsMore()) {
            count++;
            turn.passUnlessBrief(1, 0);
        }
        return count;
    }

    @Test
    void aLoneClientIsWaitedForMoreAndMoreOften() {
        turn.passUnlessBrief(1, 0);
        turn.empty();
        List<Integer> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(waits());
            turn.empty();
        }
        assertThat(waits).containsExactly(2, 4, 8, 16, 32, 64, 64, 64);
    }

    @Test
    void whoIsThereAtOnceIsNotWaitedFor() {
        turn.passUnlessBrief(1, 0);
        turn.empty();
        assertThat(waits()).isPositive();
        for (int i = 0; i < 100; i++) {
            turn.passUnlessBrief(1, 0);
            assertThat(turn.expectsMore()).isTrue();
        }
        turn.empty();
        assertThat(waits()).as("as little as after the first failure").isOne();
    }

    @Test
    void severalClientsAreNotWaitedFor() {
        turn.passUnlessBrief(1, 0);
        turn.empty();
        assertThat(turn.expectsMore()).isFalse();
        turn.passUnlessBrief(2, 0);
        assertThat(turn.expectsMore()).isTrue();
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
