package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.ring.Beginning;
import org.relayfs.ring.Observation;
import org.relayfs.ring.ObservedMemory;
import org.relayfs.testing.Client;

/// Two processes that wake each other by deliveries, again and again, at any moment of the other's arming, looking and
/// falling asleep. A wake-up that is lost would cost the whole time limit. For longer:
/// `-Dtest.jvm=-Drelayfs.stress.seconds=60`.
class BellIT {
    private static final long SECONDS = Long.getLong("relayfs.stress.seconds", 1);
    private static final int LIMIT_MS = 10_000;
    private static final int MAX_SPINS = 2_000;

    /// The other process: answers each delivery with one.
    static final class Answering {
        private Answering() {}

        /// Answers until the channel is closed.
        ///
        /// @param args the folder of the channel that it waits for
        public static void main(String[] args) throws IOException {
            try (Relay relay = Relay.create();
                    RelayChannel answers = relay.open("answers", config())) {
                System.out.println("answers " + answers.folder());
                Waiting waiting = new Waiting(Path.of(args[0]));
                // It waits for the same, and arms again what the other has armed.
                Waiting bystander = new Waiting(Path.of(args[0]));
                Thread.ofPlatform().daemon().start(() -> {
                    while (bystander.next()) {
                        Thread.onSpinWait();
                    }
                });
                SplittableRandom random = new SplittableRandom(2);
                while (waiting.next()) {
                    deliver(answers, random);
                }
                System.out.println("slept " + waiting.slept);
            }
        }
    }

    private static ChannelConfig config() {
        return ChannelConfig.of(64, 4).withGlobal(true).withMode(ChannelMode.OVERWRITE);
    }

    private static void deliver(RelayChannel channel, SplittableRandom random) {
        for (int spins = random.nextInt(MAX_SPINS); spins > 0; spins--) {
            Thread.onSpinWait();
        }
        channel.write(new byte[8]);
        channel.flush();
    }

    /// A reader that waits without looking now and then.
    private static final class Waiting {
        private final ObservedMemory memory;
        private final Observation observation;
        private final MemorySegment bytes = MemorySegment.ofArray(new byte[64]);
        private long slept;

        Waiting(Path folder) throws IOException {
            memory = ObservedMemory.open(folder);
            observation = memory.observe(0, Beginning.OLDEST);
        }

        /// Waits for a record and takes it; false at the end of the channel.
        boolean next() {
            // A sub-buffer that is just being closed shows nothing until it is delivered.
            while (observation.read(bytes, 0, 64) == 0) {
                int armed = memory.arm();
                if (observation.isEnded()) {
                    return false;
                }
                if (!observation.hasMore()) {
                    sleep(armed);
                }
            }
            return true;
        }

        private void sleep(int armed) {
            long before = System.nanoTime();
            memory.await(armed, LIMIT_MS);
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before) >= LIMIT_MS) {
                throw new AssertionError("lost: nobody has woken it");
            }
            slept++;
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void noWakeUpIsLost() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel questions = relay.open("questions", config());
                Client other =
                        Client.startJava(Answering.class, questions.folder().toString())) {
            Waiting waiting = new Waiting(Path.of(other.awaitLine("answers ").substring(8)));
            SplittableRandom random = new SplittableRandom(1);
            long rounds = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() < end) {
                deliver(questions, random);
                assertThat(waiting.next()).as(other::toString).isTrue();
                rounds++;
            }
            questions.close();
            System.out.println("bell: " + rounds + " rounds, slept " + waiting.slept + " times; the other "
                    + other.awaitLine("slept "));
            other.awaitSuccess();
            assertThat(waiting.slept).isPositive();
        }
    }
}
