package org.relayfs.tool.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.BufferStats;
import org.relayfs.tool.client.ChannelRow;

final class StatTableTest {
    private static final long SECOND_NS = 1_000_000_000;

    /// Of a channel with one buffer that has produced 5 sub-buffers, of which 2 are consumed.
    private static StatSample sample(long timeNs, String mode, long records, long full, long overwritten) {
        BufferStats stats =
                new BufferStats(0, 5, 2, 0, 10 * records, 10, records, full, 1, 0, 100, overwritten, 0, 0, 0, false);
        ChannelRow row = new ChannelRow("app", "enabled", 4096, 4, mode, 1, 0, "none", ".");
        return new StatSample(timeNs, Map.of("app", new StatSample.Channel(row, Optional.of(Map.of(0, stats)))));
    }

    private static String row(StatSample before, StatSample now) {
        List<String> lines = new StatTable(before, now, Integer.MAX_VALUE).ofChannels();
        return lines.getLast().replaceAll(" +", " ");
    }

    @Test
    void ratesAreThoseSinceTheLastSample() {
        StatSample before = sample(0, "no-overwrite", 100, 7, 0);
        StatSample now = sample(2 * SECOND_NS, "no-overwrite", 300, 9, 0);
        assertThat(row(before, now)).isEqualTo("app enabled 300 100 2.9K 1.0K 10 3 10");
        assertThat(row(null, now)).isEqualTo("app enabled 300 - 2.9K - 10 3 10");
    }

    @Test
    void afterAResetThereAreNoRates() {
        StatSample before = sample(0, "no-overwrite", 100, 7, 0);
        StatSample now = sample(SECOND_NS, "no-overwrite", 99, 0, 0);
        assertThat(row(before, now)).isEqualTo("app enabled 99 - 990 - 10 3 1");
    }

    @Test
    void overwrittenBytesStandBesideRefusedRecords() {
        assertThat(row(null, sample(0, "overwrite", 100, 7, 8192))).endsWith(" 3 1+8.0KB");
        assertThat(row(null, sample(0, "no-overwrite", 100, 7, 8192))).endsWith(" 3 8");
    }

    @Test
    void theHeaderIsAmongTheSettingsIfThereIsOne() {
        for (String header : List.of("none", "padding", "padding4")) {
            ChannelRow row = new ChannelRow("app", "enabled", 4096, 4, "no-overwrite", 1, 0, header, ".");
            StatSample now = new StatSample(0, Map.of("app", new StatSample.Channel(row, Optional.empty())));
            assertThat(new StatTable(null, now, Integer.MAX_VALUE)
                            .ofBuffers("app")
                            .getFirst())
                    .isEqualTo("app: enabled, 4 sub-buffers of 4096 bytes, no-overwrite"
                            + (header.equals("none") ? "" : ", header=" + header));
        }
    }

    @Test
    void aLossIsThatSinceBefore() {
        Loss before = new Loss(1, 2, 3, 4, 50, 60);
        Loss now = new Loss(10, 20, 30, 40, 500, 600);
        assertThat(now.since(before)).isEqualTo(new Loss(9, 18, 27, 36, 450, 540));
        assertThat(before.since(now)).isEqualTo(Loss.NONE);
        assertThat(before.plus(now)).isEqualTo(new Loss(11, 22, 33, 44, 550, 660));
        assertThat(before.text())
                .isEqualTo("10 records (full 1, big 2, straggler 3, abandoned 4), 50 bytes; 60 bytes overwritten");
    }
}
