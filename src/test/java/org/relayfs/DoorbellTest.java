package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThan;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.memory.Futex;
import org.relayfs.memory.SharedFolder;
import org.relayfs.ring.RingBuffer;

@Timeout(60)
class DoorbellTest {
    private final AtomicInteger looks = new AtomicInteger();
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = SharedFolder.create();
    }

    @AfterEach
    void removeFolder() throws IOException {
        SharedFolder.remove(folder);
        SharedFolder.removeHomeIfEmpty(folder);
    }

    /// Whoever rings while the thread looks at the buffers is heard at once, not at the next look.
    @Test
    void aRingDuringALookIsNotLost() throws Exception {
        Futex[] bell = new Futex[1];
        try (Doorbell doorbell = Doorbell.create(folder, () -> {
            looks.incrementAndGet();
            bell[0].ring();
            return List.of();
        })) {
            bell[0] = Doorbell.of(folder.resolve("channel"));
            doorbell.listen();
            // One for each ring: with a look every 100 ms it would take 20 s.
            await().atMost(Duration.ofSeconds(10)).untilAtomic(looks, greaterThan(200));
        }
    }

    @Test
    void withoutARingItLooksFromTimeToTime() throws Exception {
        long start = System.nanoTime();
        try (Doorbell doorbell = Doorbell.create(folder, this::count)) {
            doorbell.listen();
            await().atMost(Duration.ofSeconds(10)).untilAtomic(looks, greaterThan(5));
            // The first look is made at once, and each of the others some 100 ms after the one before.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void nobodyLooksBeforeSomebodyWaitsOrAfterTheEnd() throws Exception {
        Doorbell doorbell = Doorbell.create(folder, this::count);
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(looks).hasValue(0);
        doorbell.listen();
        doorbell.close();
        int before = looks.get();
        doorbell.listen();
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(looks).hasValue(before);
    }

    private List<RingBuffer> count() {
        looks.incrementAndGet();
        return List.of();
    }
}
