package org.relayfs.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Klog;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;

/// A call of klog, by JMH: without a channel, and with one that overwrites.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class KlogBench {
    private static final Klog KLOG = Klog.of("bench/klog");

    /// Whether the channel is there.
    @State(Scope.Benchmark)
    public static class Target {
        /// `false`: nobody has opened it.
        @Param({"false", "true"})
        public boolean open;

        /// Characters of the text.
        @Param("64")
        public int length;

        private Relay relay;
        private RelayChannel channel;
        private String text;
        private StringBuilder builder;
        private byte[] bytes;

        /// Opens the channel.
        ///
        /// @throws IOException it cannot be had
        @Setup
        public void open() throws IOException {
            text = "a".repeat(length);
            builder = new StringBuilder(text);
            bytes = text.getBytes(StandardCharsets.UTF_8);
            relay = Relay.create();
            ChannelConfig config = ChannelConfig.of(1 << 18, 8).withMode(ChannelMode.OVERWRITE);
            channel = relay.open(open ? "bench/klog" : "bench/other", config);
        }

        /// Closes it.
        @TearDown
        public void close() {
            relay.close();
        }
    }

    /// What the loop itself costs.
    @Benchmark
    public void nothing() {}

    /// @param target what to log
    /// @return what klog says
    @Benchmark
    public int text(Target target) {
        return KLOG.log(target.text);
    }

    /// @param target what to log
    /// @return what klog says
    @Benchmark
    public int builder(Target target) {
        return KLOG.log(target.builder);
    }

    /// @param target what to log
    /// @return what klog says
    @Benchmark
    public int bytes(Target target) {
        return KLOG.log(target.bytes);
    }

    /// To the channel itself, which is open in any case.
    ///
    /// @param target what to log
    /// @return what the channel says
    @Benchmark
    public int channel(Target target) {
        return target.channel.write(target.bytes);
    }
}
