package org.relayfs.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;

/// Measures how long single records take when many threads write at once: the percentiles of the wall time from before
/// a write to after it. Beside it, the same without a write: what the clock costs, and what those see whom the
/// scheduler
/// stops.
///
/// Arguments: `threads=N`, `length=N`, `seconds=N` for each of the two.
public final class RecordLatency {
    /// Nanoseconds; what takes longer is counted as this long.
    private static final int LIMIT_NS = 100_000;

    private static final int BATCH = 1_000;
    private static final int WARM_UP_SECONDS = 2;
    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999, 0.9999};

    private final byte[] source = new byte[8192];
    private final int threads;
    private final int length;

    private RecordLatency(int threads, int length) {
        this.threads = threads;
        this.length = length;
    }

    /// Measures and prints a table in Markdown.
    ///
    /// @param args `name=value`
    /// @throws Exception it cannot be measured
    public static void main(String[] args) throws Exception {
        Map<String, Integer> options = new LinkedHashMap<>(Map.of("threads", 32, "length", 64, "seconds", 5));
        for (String arg : args) {
            options.put(arg.substring(0, arg.indexOf('=')), Integer.valueOf(arg.substring(arg.indexOf('=') + 1)));
        }
        RecordLatency latency = new RecordLatency(options.get("threads"), options.get("length"));
        System.out.println("\n**" + latency.threads + " threads, " + latency.length + " bytes, overwriting: ns**\n");
        System.out.println("| | p50 | p90 | p99 | p99.9 | p99.99 |\n|---|---|---|---|---|---|");
        try (RelayfsSubject relayfs = new RelayfsSubject()) {
            if (!relayfs.open(Subject.Mode.OVERWRITE, latency.length, latency.threads)) {
                throw new IllegalStateException("cannot overwrite");
            }
            Subject.Writer nothing = (bytes, offset, count) -> true;
            for (Subject.Writer writer : List.of(relayfs.newWriter(), nothing)) {
                latency.run(writer, WARM_UP_SECONDS);
            }
            print("the clock alone", latency.run(nothing, options.get("seconds")));
            print("with a record", latency.run(relayfs.newWriter(), options.get("seconds")));
        }
    }

    private static void print(String name, long[] counts) {
        long all = Arrays.stream(counts).sum();
        StringBuilder line = new StringBuilder("| " + name + " |");
        for (double quantile : QUANTILES) {
            long seen = 0;
            int ns = -1;
            while (seen <= quantile * all && ns < LIMIT_NS) {
                seen += counts[++ns];
            }
            line.append(String.format(Locale.ROOT, ns < LIMIT_NS ? " %d |" : " > %d |", ns));
        }
        System.out.println(line);
    }

    /// {@return how many records took 0, 1, 2, ... ns}
    private long[] run(Subject.Writer writer, int seconds) throws InterruptedException {
        long[][] counts = new long[threads][LIMIT_NS + 1];
        CyclicBarrier start = new CyclicBarrier(threads);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        Thread[] running = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            long[] own = counts[i];
            running[i] = Thread.ofPlatform().start(() -> writeUntil(end, writer, start, own));
        }
        for (Thread thread : running) {
            thread.join();
        }
        long[] sum = new long[LIMIT_NS + 1];
        for (long[] own : counts) {
            for (int ns = 0; ns <= LIMIT_NS; ns++) {
                sum[ns] += own[ns];
            }
        }
        return sum;
    }

    private void writeUntil(long end, Subject.Writer writer, CyclicBarrier start, long[] counts) {
        try {
            start.await();
            while (System.nanoTime() < end) {
                writeBatch(writer, counts);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void writeBatch(Subject.Writer writer, long[] counts) throws Exception {
        for (int i = 0; i < BATCH; i++) {
            long before = System.nanoTime();
            boolean written = writer.write(source, (i & 511) * 8, length);
            long after = System.nanoTime();
            if (written) {
                counts[(int) Math.min(LIMIT_NS, after - before)]++;
            }
        }
    }
}
