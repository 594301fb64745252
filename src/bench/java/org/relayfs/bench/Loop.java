package org.relayfs.bench;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/// Writes and reads one subject's records.
///
/// Loaded anew for each subject, by a class loader of its own, together with everything it calls. So the JIT sees
/// each subject as if it were the only one in its process, and yet they take turns in one process.
public final class Loop implements AutoCloseable {
    private static final byte[] SOURCE = new byte[8192];
    private static final int SPINS = 64;

    private final Subject subject;
    private final int length;
    private final boolean discarding;
    private final Subject.Writer[] writers;

    private Loop(Subject subject, String mode, int length, int threads) throws Exception {
        this.subject = subject;
        this.length = length;
        this.discarding = Subject.Mode.valueOf(mode) == Subject.Mode.DISCARD;
        this.writers = new Subject.Writer[threads];
        for (int i = 0; i < threads; i++) {
            writers[i] = subject.newWriter();
        }
    }

    /// Opens a subject.
    ///
    /// @param className of the subject
    /// @param mode      name of its [Subject.Mode]
    /// @param length    of each record
    /// @param threads   that will write
    /// @return its loop, or null when it has no such mode
    /// @throws Exception it cannot be had here
    public static Loop open(String className, String mode, int length, int threads) throws Exception {
        Subject subject = Class.forName(className)
                .asSubclass(Subject.class)
                .getConstructor()
                .newInstance();
        if (subject.open(Subject.Mode.valueOf(mode), length, threads)) {
            return new Loop(subject, mode, length, threads);
        }
        subject.close();
        return null;
    }

    /// The methods of this loop, by types of the JDK, which all class loaders share. Those that return a Throwable
    /// return null when all went well.
    ///
    /// @return thread -> count -> write; until when -> read; records lost; close
    public Object[] methods() {
        IntFunction<IntFunction<Throwable>> write = thread -> count -> attempt(() -> write(thread, count));
        Function<BooleanSupplier, Throwable> read = stopped -> attempt(() -> read(stopped));
        LongSupplier lost = subject::lost;
        return new Object[] {write, read, lost, (AutoCloseable) this};
    }

    private interface Action {
        void run() throws Exception;
    }

    private static Throwable attempt(Action action) {
        try {
            action.run();
            return null;
        } catch (Exception | Error e) {
            return e;
        }
    }

    private void write(int thread, int count) throws Exception {
        Subject.Writer writer = writers[thread];
        for (int i = 0; i < count; i++) {
            for (int attempt = 1; !writer.write(SOURCE, (i & 511) * 8, length); attempt++) {
                makeRoom(attempt);
            }
        }
    }

    private void makeRoom(int attempt) throws Exception {
        if (discarding) {
            synchronized (this) {
                subject.discard();
            }
        } else {
            pause(attempt);
        }
    }

    private void read(BooleanSupplier stopped) throws Exception {
        int idle = 0;
        while (!stopped.getAsBoolean()) {
            idle = subject.read() ? 0 : idle + 1;
            if (idle > 0) {
                pause(idle);
            }
        }
        while (subject.read()) {
            // What the last batch has left.
        }
    }

    // There may be more threads than CPUs.
    private static void pause(int attempt) {
        if (attempt % SPINS == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws Exception {
        subject.close();
    }
}
