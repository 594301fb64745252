package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.relayfs.Klog;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// Threads that log all the time, whether there is a channel or not, while another process makes it, reads it, stops it
/// and removes it, again and again.
@MountTest
final class KlogIT {
    private static final Klog KLOG = Klog.of("klog-it");
    private static final int THREADS = 2;
    private static final int ROUNDS = Integer.getInteger("relayfs.klog.rounds", 6);

    private volatile boolean stopped;

    @Test
    void whatWasAcceptedIsReadWhoeverOpensAndCloses() throws Exception {
        try (TestMount mount = TestMount.open()) {
            List<Logger> loggers =
                    IntStream.range(0, THREADS).mapToObj(i -> new Logger(i)).toList();
            List<Thread> threads = loggers.stream()
                    .map(logger -> Thread.ofPlatform().start(logger))
                    .toList();
            try (Client client = Client.start("python3", Programs.python("klog"), mount.file("klog-it"), "" + ROUNDS)) {
                client.awaitSuccess(60 + ROUNDS);
                stopped = true;
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(loggers).extracting(logger -> logger.failure).containsOnlyNulls();
                assertThat(read(client.output()))
                        .isEqualTo(
                                loggers.stream().map(logger -> logger.accepted).toList())
                        .doesNotContain(0);
                assertThat(client.errors().lines()).hasSize(ROUNDS);
            } finally {
                stopped = true;
            }
            assertThat(KLOG.isOpen()).isFalse();
        }
    }

    /// {@return how many records of each thread there are, if each is there once}
    private static List<Integer> read(String output) {
        List<BitSet> read =
                IntStream.range(0, THREADS).mapToObj(i -> new BitSet()).toList();
        output.lines().forEach(line -> {
            String[] words = line.split(" ");
            int number = Integer.parseInt(words[1]);
            BitSet ofThread = read.get(Integer.parseInt(words[0]));
            assertThat(ofThread.get(number)).as("once more: %s", line).isFalse();
            ofThread.set(number);
        });
        assertThat(read)
                .allSatisfy(numbers -> assertThat(numbers.nextClearBit(0)).isEqualTo(numbers.cardinality()));
        return read.stream().map(BitSet::cardinality).toList();
    }

    private final class Logger implements Runnable {
        private final int thread;
        private volatile int accepted;
        private volatile Throwable failure;

        Logger(int thread) {
            this.thread = thread;
        }

        /// The number of a record that was refused is that of the next.
        @Override
        public void run() {
            StringBuilder text = new StringBuilder();
            try {
                for (int number = 0; !stopped; ) {
                    text.setLength(0);
                    text.append(thread).append(' ').append(number).append('\n');
                    if (KLOG.log(text) == text.length()) {
                        accepted = ++number;
                        Thread.sleep(0, 1_000); // the reader is a Python
                    }
                }
            } catch (Throwable t) {
                failure = t;
            }
        }
    }
}
