package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
            TimeUnit.SECONDS.sleep(3);
            // One for each ring. A look every 100 ms would be 30.
            assertThat(looks).hasValueGreaterThan(100);
        }
    }

    @Test
    void withoutARingItLooksFromTimeToTime() throws Exception {
        try (Doorbell doorbell = Doorbell.create(folder, this::count)) {
            doorbell.listen();
            TimeUnit.SECONDS.sleep(2);
            assertThat(looks.get()).isBetween(2, 21);
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
