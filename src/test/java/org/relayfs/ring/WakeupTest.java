package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.relayfs.layout.Geometry;

/// Who is told of what, when another process delivers.
class WakeupTest {
    private final TestBuffers memory = new TestBuffers(1 << 12, 8);
    private final Geometry geometry = new Geometry(64, 8, 0);
    private final RingBuffer buffer = memory.create(geometry, false);
    private final RingBuffer remote = memory.view(geometry, false, null, memory.processes());
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger rung = new AtomicInteger();

    WakeupTest() {
        buffer.setDeliveryListener(delivered -> told.incrementAndGet());
        remote.wakeThrough(rung::incrementAndGet);
    }

    private void deliverFromElsewhere() {
        TestBuffers.writer(remote).write(0, new byte[10], 0, 10);
        remote.flush();
    }

    @Test
    void anotherProcessRingsOnlyWhenSomebodyWaits() {
        deliverFromElsewhere();
        assertThat(rung).hasValue(0);
        buffer.armWakeup();
        deliverFromElsewhere();
        assertThat(rung).hasValue(1);
        assertThat(told).hasValue(0);
    }

    @Test
    void theOwnerTellsOfWhatWasDeliveredElsewhereOnce() {
        buffer.armWakeup();
        deliverFromElsewhere();
        buffer.wakeIfReadable();
        buffer.wakeIfReadable();
        assertThat(told).hasValue(1);
    }

    @Test
    void whatIsOnlyUnreadIsNoNews() {
        deliverFromElsewhere();
        buffer.armWakeup();
        buffer.wakeIfReadable();
        assertThat(told).hasValue(0);
        assertThat(buffer.isArmed()).isTrue();
    }

    /// The second of two who wait must not make the owner believe that the first has been told.
    @Test
    void whoArmsLaterDoesNotTakeTheNewsFromWhoWaitsAlready() {
        buffer.armWakeup();
        deliverFromElsewhere();
        buffer.armWakeup();
        buffer.wakeIfReadable();
        assertThat(told).hasValue(1);
    }

    @Test
    void aDeliveryOfTheOwnersTakesTheArming() {
        buffer.armWakeup();
        TestBuffers.writer(buffer).write(0, new byte[10], 0, 10);
        buffer.flush();
        assertThat(told).hasValue(1);
        assertThat(buffer.isArmed()).isFalse();
        buffer.flush();
        assertThat(told).hasValue(1);
    }
}
