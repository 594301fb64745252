package org.relayfs.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.EventLog;
import org.relayfs.Events;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;

/// What an event costs, in nanoseconds of the thread's CPU time: all subjects by turns in one run, medians of many
/// rounds, and each round's ratio to the sum of its parts. For people: nothing is checked.
public final class EventCost {
    private static final int CALLS = 200_000;
    private static final int ROUNDS = Integer.getInteger("relayfs.rounds", 301);
    private static final int WARM = ROUNDS / 2;
    private static final int PAIRS = 21;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    // So that no call is left out.
    private static long sink;

    private EventCost() {}

    /// One subject: so many calls.
    @FunctionalInterface
    private interface Subject {
        long run(int calls);
    }

    /// Measures and prints.
    ///
    /// @param args none
    /// @throws Exception a channel cannot be had
    public static void main(String[] args) throws Exception {
        try (Relay relay = Relay.create()) {
            ChannelConfig config = ChannelConfig.of(1 << 18, 8).withMode(ChannelMode.OVERWRITE);
            Map<String, Subject> subjects = subjects(relay, config);
            Map<String, double[]> results = measure(subjects);
            print(results);
            twoThreads(relay.open("two", config.withEvents(true)));
            System.out.println("sum of all results: " + sink);
        }
    }

    private static Map<String, Subject> subjects(Relay relay, ChannelConfig config) throws IOException {
        RelayChannel plain = relay.open("plain", config);
        Events events = relay.open("events", config.withEvents(true)).events();
        EventLog pair = events.register(EventType.named("pair")
                .field("first", FieldKind.I64)
                .field("second", FieldKind.I64)
                .build());
        EventLog text = events.register(
                EventType.named("text.field").field("text", FieldKind.STRING).build());
        EventLog off = events.register(EventType.named("off")
                .field("first", FieldKind.I64)
                .field("second", FieldKind.I64)
                .build());
        events.setOn("off", false);
        byte[] record = new byte[32];
        Map<String, Subject> subjects = new LinkedHashMap<>();
        subjects.put("nothing", calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += i ^ sum;
            }
            return sum;
        });
        subjects.put("nanoTime", calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += System.nanoTime();
            }
            return sum;
        });
        subjects.put("record of 32 bytes", calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += plain.write(record);
            }
            return sum;
        });
        subjects.put("event of two longs", calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += pair.log(i, sum);
            }
            return sum;
        });
        subjects.put("event of two longs, built", calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += pair.begin().put(i).put(sum).commit();
            }
            return sum;
        });
        subjects.put("event of a text, built", calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += text.begin().put("sixteen letters.").commit();
            }
            return sum;
        });
        subjects.put("event that is off", calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += off.log(i, sum) ^ sum;
            }
            return sum;
        });
        return subjects;
    }

    private static Map<String, double[]> measure(Map<String, Subject> subjects) {
        Map<String, double[]> results = new LinkedHashMap<>();
        subjects.keySet().forEach(name -> results.put(name, new double[ROUNDS]));
        long thread = Thread.currentThread().threadId();
        Map<String, Long> allocated = new LinkedHashMap<>();
        for (int round = -WARM; round < ROUNDS; round++) {
            for (Map.Entry<String, Subject> subject : subjects.entrySet()) {
                long before = THREADS.getThreadAllocatedBytes(thread);
                long start = THREADS.getCurrentThreadCpuTime();
                sink += subject.getValue().run(CALLS);
                double ns = (double) (THREADS.getCurrentThreadCpuTime() - start) / CALLS;
                if (round >= 0) {
                    results.get(subject.getKey())[round] = ns;
                    allocated.merge(subject.getKey(), THREADS.getThreadAllocatedBytes(thread) - before, Long::sum);
                }
            }
        }
        allocated.forEach((name, bytes) ->
                System.out.printf("%-28s %10.4f bytes allocated a call%n", name, (double) bytes / ROUNDS / CALLS));
        return results;
    }

    private static void print(Map<String, double[]> results) {
        results.forEach((name, ns) -> System.out.printf("%-28s %8.2f ns%n", name, median(ns)));
        double[] record = results.get("record of 32 bytes");
        double[] clock = results.get("nanoTime");
        double[] event = results.get("event of two longs");
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ratios[i] = event[i] / (record[i] + 1.1 * clock[i]);
        }
        System.out.printf("event / (record + 1.1 nanoTime): %.3f%n", median(ratios));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    // One and two threads by turns, each so many events, by their CPU time: so it does not matter who else has the
    // CPUs.
    private static void twoThreads(RelayChannel channel) throws Exception {
        EventLog pair = channel.events()
                .register(EventType.named("pair")
                        .field("first", FieldKind.I64)
                        .field("second", FieldKind.I64)
                        .build());
        double[] one = new double[PAIRS];
        double[] two = new double[PAIRS];
        double[] times = new double[PAIRS];
        for (int round = -PAIRS / 2; round < PAIRS; round++) {
            double alone = nsAnEvent(pair, 1);
            double together = nsAnEvent(pair, 2);
            if (round >= 0) {
                one[round] = alone;
                two[round] = together;
                times[round] = 2 * alone / together;
            }
        }
        System.out.printf(
                "one thread %.2f ns, two threads %.2f ns each: %.2f times%n", median(one), median(two), median(times));
    }

    private static double nsAnEvent(EventLog pair, int threads) throws Exception {
        CountDownLatch ready = new CountDownLatch(threads);
        List<Thread> started = new ArrayList<>();
        LongAdder cpuNs = new LongAdder();
        for (int i = 0; i < threads; i++) {
            Thread writer = new Thread(() -> {
                ready.countDown();
                try {
                    ready.await();
                } catch (InterruptedException e) {
                    return;
                }
                long start = THREADS.getCurrentThreadCpuTime();
                for (int n = 0; n < 10 * CALLS; n++) {
                    pair.log(n, n);
                }
                cpuNs.add(THREADS.getCurrentThreadCpuTime() - start);
            });
            writer.start();
            started.add(writer);
        }
        for (Thread writer : started) {
            writer.join();
        }
        return (double) cpuNs.sum() / threads / (10 * CALLS);
    }
}
