package org.relayfs.tool.stat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.relayfs.buffer.BufferStats;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.TextTable;
import org.relayfs.tool.client.ChannelRow;

/// The table of a sample, with the rates since an earlier one.
final class StatTable {
    private static final String UNKNOWN = "-";
    private static final double NS_PER_S = 1e9;
    private static final long MANY = 1_000_000;
    private static final String UNITS = "kMGTPE";

    private final StatSample before;
    private final StatSample now;
    private final int columns;
    private final double seconds;

    /// @param before  null when there was none: then there are no rates
    /// @param columns how wide it may be
    StatTable(StatSample before, StatSample now, int columns) {
        this.before = before;
        this.now = now;
        this.columns = columns;
        this.seconds = before == null ? 0 : (now.timeNs() - before.timeNs()) / NS_PER_S;
    }

    /// A line for each channel.
    List<String> ofChannels() {
        TextTable table =
                new TextTable(2, "channel", "state", "records", "rec/s", "written", "B/s", "read", "backlog", "lost");
        now.channels().forEach((name, channel) -> {
            Optional<StatTotals> earlier = Optional.ofNullable(before)
                    .map(sample -> sample.channels().get(name))
                    .flatMap(StatSample.Channel::totals);
            List<String> row = new ArrayList<>(List.of(name, channel.row().state()));
            row.addAll(counters(earlier, channel.totals()));
            table.add(row);
        });
        return TextTable.fit(table.lines(), columns);
    }

    /// One channel: its settings, a line for each of its buffers, their sum, and what was lost.
    List<String> ofBuffers(String name) {
        StatSample.Channel channel = now.channels().get(name);
        ChannelRow row = channel.row();
        List<String> lines = new ArrayList<>();
        String settings = ": " + row.state() + ", " + row.subBufferCount() + " sub-buffers of " + row.subBufferSize()
                + " bytes, " + row.mode() + (row.paddingHeader() == 0 ? "" : ", header=" + row.header());
        lines.add(TextTable.shortened(name, columns - settings.length()) + settings);
        TextTable table = new TextTable(1, "cpu", "records", "rec/s", "written", "B/s", "read", "backlog", "lost");
        Map<Integer, BufferStats> buffers = channel.stats().orElse(Map.of());
        boolean overwrite = row.isOverwrite();
        buffers.forEach((cpu, stats) -> {
            Optional<StatTotals> earlier = earlier(name)
                    .flatMap(StatSample.Channel::stats)
                    .map(earlierBuffers -> earlierBuffers.get(cpu))
                    .map(earlierStats -> StatTotals.of(earlierStats, overwrite));
            addLine(table, Integer.toString(cpu), earlier, Optional.of(StatTotals.of(stats, overwrite)));
        });
        addLine(table, "all", earlier(name).flatMap(StatSample.Channel::totals), channel.totals());
        lines.addAll(table.lines());
        lines.add("lost: "
                + channel.totals().map(totals -> totals.loss().text()).orElse("unknown: no permission to read stats"));
        return lines;
    }

    private Optional<StatSample.Channel> earlier(String name) {
        return Optional.ofNullable(before).map(sample -> sample.channels().get(name));
    }

    private void addLine(TextTable table, String title, Optional<StatTotals> earlier, Optional<StatTotals> totals) {
        List<String> row = new ArrayList<>(List.of(title));
        row.addAll(counters(earlier, totals));
        table.add(row);
    }

    private List<String> counters(Optional<StatTotals> earlier, Optional<StatTotals> totals) {
        if (totals.isEmpty()) {
            return List.of(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
        }
        StatTotals t = totals.get();
        return List.of(
                count(t.records()),
                rate(earlier.map(StatTotals::records), t.records(), false),
                ByteSize.text(t.bytesWritten()),
                rate(earlier.map(StatTotals::bytesWritten), t.bytesWritten(), true),
                ByteSize.text(t.bytesRead()),
                Long.toString(t.backlog()),
                lost(t.loss()));
    }

    private static String lost(Loss loss) {
        String overwritten = loss.overwritten() == 0 ? "" : ByteSize.text(loss.overwritten()) + "B";
        if (loss.records() == 0 && !overwritten.isEmpty()) {
            return overwritten;
        }
        return loss.records() + (overwritten.isEmpty() ? "" : "+" + overwritten);
    }

    /// Unknown without an earlier sample, and when the counters have started again meanwhile.
    private String rate(Optional<Long> earlier, long value, boolean bytes) {
        if (earlier.isEmpty() || value < earlier.get() || seconds <= 0) {
            return UNKNOWN;
        }
        double rate = (value - earlier.get()) / seconds;
        return bytes ? ByteSize.text(rate) : count(Math.round(rate));
    }

    /// In six characters or so, so that a table fits 80 columns; all digits are in `stats` and in JSON.
    private static String count(long number) {
        if (number < MANY) {
            return Long.toString(number);
        }
        double value = number;
        int unit = -1;
        while (value >= 999.5) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.4g", value).substring(0, 5) + UNITS.charAt(unit);
    }
}
