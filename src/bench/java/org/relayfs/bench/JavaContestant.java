package org.relayfs.bench;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/// A [Subject], in a class loader of its own.
final class JavaContestant implements Contestant {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final IntFunction<IntFunction<Throwable>> write;
    private final Function<BooleanSupplier, Throwable> read;
    private final LongSupplier lost;
    private final AutoCloseable loop;
    private final boolean reading;
    private final int threads;

    @SuppressWarnings("unchecked")
    private JavaContestant(Object[] methods, boolean reading, int threads) {
        this.write = (IntFunction<IntFunction<Throwable>>) methods[0];
        this.read = (Function<BooleanSupplier, Throwable>) methods[1];
        this.lost = (LongSupplier) methods[2];
        this.loop = (AutoCloseable) methods[3];
        this.reading = reading;
        this.threads = threads;
    }

    /// Opens a subject, or returns null when it has no such mode.
    ///
    /// @param subject name of its class, or `CLASSPATH!CLASS` for one that finds its own first in other folders
    static JavaContestant open(String subject, Subject.Mode mode, int length, int threads) throws Exception {
        int pathEnd = subject.indexOf('!');
        String className = subject.substring(pathEnd + 1);
        String classPath = System.getProperty("java.class.path");
        ClassLoader loader = new URLClassLoader(
                urls(pathEnd < 0 ? classPath : subject.substring(0, pathEnd) + File.pathSeparator + classPath),
                ClassLoader.getPlatformClassLoader());
        Class<?> type = loader.loadClass(Loop.class.getName());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Object loop = type.getMethod("open", String.class, String.class, int.class, int.class)
                    .invoke(null, className, mode.name(), length, threads);
            return loop == null
                    ? null
                    : new JavaContestant(
                            (Object[]) type.getMethod("methods").invoke(loop), mode == Subject.Mode.READ, threads);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL[] urls(String classPath) throws MalformedURLException {
        String[] entries = classPath.split(File.pathSeparator);
        URL[] urls = new URL[entries.length];
        for (int i = 0; i < entries.length; i++) {
            urls[i] = Path.of(entries[i]).toUri().toURL();
        }
        return urls;
    }

    @Override
    public Batch run(int count) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = reading ? Thread.ofPlatform().start(() -> keep(failure, read.apply(stopped::get))) : null;
        long[][] times = new long[threads][];
        if (threads == 1) {
            times[0] = timed(0, count, failure);
        } else {
            CyclicBarrier start = new CyclicBarrier(threads);
            Thread[] writers = new Thread[threads];
            for (int i = 0; i < threads; i++) {
                int thread = i;
                writers[i] = Thread.ofPlatform().start(() -> {
                    await(start);
                    times[thread] = timed(thread, count, failure);
                });
            }
            for (Thread writer : writers) {
                writer.join();
            }
        }
        stopped.set(true);
        if (reader != null) {
            reader.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a batch failed", failure.get());
        }
        return sum(times, count);
    }

    private static void keep(AtomicReference<Throwable> failure, Throwable thrown) {
        if (thrown != null) {
            failure.compareAndSet(null, thrown);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private long[] timed(int thread, int count, AtomicReference<Throwable> failure) {
        IntFunction<Throwable> batch = write.apply(thread);
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        keep(failure, batch.apply(count));
        long end = System.nanoTime();
        return new long[] {start, end, THREADS.getCurrentThreadCpuTime() - cpu};
    }

    private static Batch sum(long[][] times, int count) {
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        long cpu = 0;
        for (long[] time : times) {
            start = Math.min(start, time[0]);
            end = Math.max(end, time[1]);
            cpu += time[2];
        }
        return new Batch(end - start, cpu, (long) count * times.length);
    }

    @Override
    public long lost() {
        return lost.getAsLong();
    }

    @Override
    public void close() throws Exception {
        loop.close();
    }
}
