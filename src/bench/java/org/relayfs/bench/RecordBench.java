package org.relayfs.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/// A record, by JMH: one subject a process, for what [RecordComparison] does not tell (allocation with `-prof gc`,
/// any number of threads with `-t`). Compare figures of one table only: the processes run one after the other.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RecordBench {
    /// What all threads write to.
    @State(Scope.Benchmark)
    public static class Target {
        /// A class of this package, without `Subject`.
        @Param({"Relayfs", "Copy"})
        public String subject;

        /// Bytes of a record.
        @Param({"8", "16", "32", "64", "128", "256", "1024"})
        public int length;

        /// Records with nobody to read them: OVERWRITE or DISCARD.
        @Param("OVERWRITE")
        public Subject.Mode mode;

        private Subject opened;

        /// Opens the subject.
        ///
        /// @param params of the run
        /// @throws Exception it cannot be had
        @Setup
        public void open(BenchmarkParams params) throws Exception {
            String name = RecordBench.class.getPackageName() + "." + subject + "Subject";
            opened = Class.forName(name)
                    .asSubclass(Subject.class)
                    .getConstructor()
                    .newInstance();
            if (!opened.open(mode, length, params.getThreads())) {
                throw new IllegalArgumentException(subject + ": no " + mode + " of " + length + " bytes");
            }
        }

        /// Closes the subject.
        ///
        /// @throws Exception it failed
        @TearDown
        public void close() throws Exception {
            opened.close();
        }
    }

    /// One thread's writer.
    @State(Scope.Thread)
    public static class Source {
        private final byte[] bytes = new byte[8192];
        private Subject.Writer writer;
        private int next;

        /// Makes the writer.
        ///
        /// @param target to write to
        /// @throws Exception it cannot be had
        @Setup
        public void open(Target target) throws Exception {
            writer = target.opened.newWriter();
        }
    }

    /// Logs one record.
    ///
    /// @param target to write to
    /// @param source of the bytes
    /// @throws Exception it failed
    @Benchmark
    @SuppressWarnings("SynchronizeOnNonFinalField") // JMH sets it once, before the first call
    public void record(Target target, Source source) throws Exception {
        int offset = (source.next++ & 511) * 8;
        while (!source.writer.write(source.bytes, offset, target.length)) {
            synchronized (target.opened) {
                target.opened.discard();
            }
        }
    }
}
