package org.relayfs.tool.stat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.relayfs.buffer.BufferStats;
import org.relayfs.tool.client.ChannelFolder;

/// A meter of a channel's losses since its creation. Once the channel is destroyed, it shows the last sample.
public final class LossMeter {
    private static final int LAST_SAMPLES = 3;
    private static final int BETWEEN_SAMPLES_MS = 2;

    private final ChannelFolder channel;
    private final Map<Integer, Meter> meters = new HashMap<>();
    private boolean readable = true;

    /// One buffer's counters.
    private static final class Meter {
        private Loss carried = Loss.NONE;
        private Loss start;
        private Loss now;
        private long produced;

        Meter(Loss start, Loss now) {
            this.start = start;
            this.now = now;
        }

        void sample(BufferStats stats, Loss loss) {
            if (stats.produced() < produced) {
                // A reset: the counters have begun again.
                carried = total();
                start = Loss.NONE;
            }
            produced = stats.produced();
            now = loss;
        }

        Loss total() {
            return carried.plus(now.since(start));
        }
    }

    public LossMeter(ChannelFolder channel) throws IOException {
        this.channel = channel;
        read(true);
    }

    public void sample() throws IOException {
        read(false);
    }

    private void read(boolean first) throws IOException {
        try {
            for (BufferStats stats : channel.stats()) {
                Loss loss = Loss.of(stats, channel.row().isOverwrite());
                // All that a buffer has lost that came later was lost since.
                meters.computeIfAbsent(stats.cpu(), cpu -> new Meter(first ? loss : Loss.NONE, loss))
                        .sample(stats, loss);
            }
        } catch (AccessDeniedException e) {
            readable = false;
        } catch (IOException e) {
            // Later, the channel or the mount is gone, and whoever reads it says so.
            if (first) {
                throw e;
            }
        }
    }

    /// The last word. Of some samples the one with the least overwritten bytes counts: taken between two steps of a
    /// writer, one can show more than there are.
    public void finish() throws IOException, InterruptedException {
        sample();
        Loss least = total();
        for (int i = 1; i < LAST_SAMPLES && least.overwritten() > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_SAMPLES_MS);
            Map<Integer, Loss> before = new HashMap<>();
            meters.forEach((cpu, meter) -> before.put(cpu, meter.now));
            sample();
            if (total().overwritten() > least.overwritten()) {
                meters.forEach((cpu, meter) -> meter.now = before.getOrDefault(cpu, meter.now));
            }
            least = total();
        }
    }

    /// @return nothing when this user may not know
    public Optional<Loss> loss() {
        return readable ? Optional.of(total()) : Optional.empty();
    }

    private Loss total() {
        return meters.values().stream().map(Meter::total).reduce(Loss.NONE, Loss::plus);
    }
}
