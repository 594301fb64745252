package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.relayfs.tree.MountedTree.OWNER;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.linux.ErrnoException;
import org.relayfs.testing.Waiting;

class PeriodicFlushTest {
    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
        fs.write("/control", "create app global=1 subbuf_size=4K n_subbufs=4");
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    private static boolean timerRuns() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().equals("relayfs-flush"));
    }

    @Test
    void whatLiesInTheOpenSubBufferIsDeliveredInTime() throws ErrnoException {
        fs.write("/app/flush_interval_ms", "10");
        fs.write("/app/write", "record");
        await().atMost(Duration.ofSeconds(10)).until(() -> fs.readCounter("/app/cpu0.produced") == 1);
        fs.write("/app/write", "record");
        await().atMost(Duration.ofSeconds(10)).until(() -> fs.readCounter("/app/cpu0.produced") == 2);
    }

    @Test
    void emptySubBuffersAreNeverClosed() throws Exception {
        fs.write("/app/flush_interval_ms", "1");
        Thread.sleep(50);
        assertThat(fs.readCounter("/app/cpu0.produced")).isZero();
    }

    @Test
    void zeroEndsIt() throws Exception {
        fs.write("/app/flush_interval_ms", "1");
        fs.write("/app/flush_interval_ms", "0");
        fs.write("/app/write", "record");
        Thread.sleep(50);
        assertThat(fs.readCounter("/app/cpu0.produced")).isZero();
    }

    @Test
    void theIntervalOutlivesTheChannelButNotTheDirectoryAndTheTree() throws ErrnoException {
        fs.write("/app/flush_interval_ms", "5");
        fs.write("/app/create", "1");
        fs.write("/app/write", "record");
        await().atMost(Duration.ofSeconds(10)).until(() -> fs.readCounter("/app/cpu0.produced") == 1);
        fs.tree.removeDirectory("/app", OWNER);
        fs.tree.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> !timerRuns());
    }

    @Test
    void aClientsErrorIsLoggedAndDoesNotEndIt() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        ChannelCallbacks callbacks = new ChannelCallbacks() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                if (failing.getAndSet(false)) {
                    throw new AssertionError("the callback fails");
                }
                return !start.isFull();
            }
        };
        fs.relay.open("client", ChannelConfig.of(4096, 4).withGlobal(true).withCallbacks(callbacks));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream standardError = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            fs.write("/client/write", "record");
            failing.set(true);
            fs.write("/client/flush_interval_ms", "10");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(log.toString(StandardCharsets.UTF_8))
                            .contains("the periodic flush failed", "the callback fails"));
            await().atMost(Duration.ofSeconds(10)).until(() -> fs.readCounter("/client/cpu0.produced") == 1);
        } finally {
            System.setErr(standardError);
        }
    }

    /// What the old interval has begun ends before the write that changes it.
    @Test
    void aChangeWaitsForTheFlushThatIsUnderWay() throws Exception {
        CountDownLatch flushing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean armed = new AtomicBoolean();
        ChannelCallbacks slow = new ChannelCallbacks() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                if (armed.get()) {
                    flushing.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                return true;
            }
        };
        fs.relay.open("slow", ChannelConfig.of(4096, 2).withGlobal(true).withCallbacks(slow));
        fs.write("/slow/write", "record");
        armed.set(true);
        fs.write("/slow/flush_interval_ms", "1");
        assertThat(flushing.await(20, TimeUnit.SECONDS)).isTrue();
        FutureTask<Void> changed = new FutureTask<>(() -> {
            fs.write("/slow/flush_interval_ms", "0");
            return null;
        });
        Thread changer = Thread.ofPlatform().daemon().unstarted(changed);
        changer.start();
        Waiting.assertWaits(changer);
        goOn.countDown();
        changed.get(20, TimeUnit.SECONDS);
    }
}
