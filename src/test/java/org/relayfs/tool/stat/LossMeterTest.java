package org.relayfs.tool.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.ChannelRow;

/// On a folder with a file `stats` in the place of a channel's.
final class LossMeterTest {
    @TempDir
    private Path folder;

    private LossMeter meter(String mode) throws Exception {
        return new LossMeter(
                new ChannelFolder(folder, new ChannelRow("app", "enabled", 4096, 4, mode, 1, 0, "none", ".")));
    }

    /// @param lines CPU, sub-buffers produced, records refused because the buffer was full, bytes overwritten
    private void stats(String... lines) throws Exception {
        Files.writeString(folder.resolve("stats"), "cpu produced full overwritten\n" + String.join("\n", lines) + "\n");
    }

    private static long records(LossMeter meter) {
        return meter.loss().orElseThrow().records();
    }

    @Test
    void whatWasLostBeforeIsNotCounted() throws Exception {
        stats("0 10 5 0", "1 10 7 0");
        LossMeter meter = meter("no-overwrite");
        assertThat(records(meter)).isZero();
        stats("0 12 6 0", "1 10 9 0");
        meter.sample();
        assertThat(records(meter)).isEqualTo(3);
    }

    @Test
    void aResetBeginsAnewAndForgetsNothing() throws Exception {
        stats("0 10 5 0");
        LossMeter meter = meter("no-overwrite");
        stats("0 12 8 0");
        meter.sample();
        stats("0 1 2 0");
        meter.sample();
        assertThat(records(meter)).isEqualTo(5);
        stats("0 2 4 0");
        meter.sample();
        stats("0 0 1 0");
        meter.sample();
        assertThat(records(meter)).isEqualTo(8);
    }

    @Test
    void allThatALateBufferHasLostCounts() throws Exception {
        stats("0 10 5 0");
        LossMeter meter = meter("no-overwrite");
        stats("0 10 5 0", "3 7 11 0");
        meter.sample();
        assertThat(records(meter)).isEqualTo(11);
    }

    @Test
    void inTheEndTheLastSampleCounts() throws Exception {
        stats("0 10 0 100");
        LossMeter meter = meter("overwrite");
        stats("0 20 0 900");
        meter.finish();
        assertThat(meter.loss().orElseThrow().overwritten()).isEqualTo(800);
        assertThat(records(meter)).isZero();
    }

    @Test
    void aChannelThatIsGoneKeepsItsLastSample() throws Exception {
        stats("0 10 5 0");
        LossMeter meter = meter("no-overwrite");
        stats("0 12 8 0");
        meter.sample();
        Files.delete(folder.resolve("stats"));
        meter.finish();
        assertThat(records(meter)).isEqualTo(3);
        assertThatThrownBy(() -> meter("no-overwrite")).isInstanceOf(NoSuchFileException.class);
    }
}
