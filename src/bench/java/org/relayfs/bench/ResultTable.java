package org.relayfs.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Prints what a comparison has found, in Markdown, and keeps the medians.
final class ResultTable {
    private final Subject.Mode mode;
    private final int threads;
    private final int[] lengths;
    private final List<Result> kept = new ArrayList<>();

    ResultTable(Subject.Mode mode, int threads, int[] lengths) {
        this.mode = mode;
        this.threads = threads;
        this.lengths = lengths;
    }

    /// {@return the medians of all tables that were printed}
    List<Result> print(List<RecordComparison.Row> rows) {
        String title = mode + ", " + threads + (threads == 1 ? " writer" : " writers");
        String ratio = rows.getFirst().name() + " ÷ it";
        if (mode != Subject.Mode.READ) {
            table(title + ", CPU ns a record: median / 10th percentile / " + ratio, rows, Batch::cpuNsPerRecord, 0.1);
            keep("CPU ns a record", rows, Batch::cpuNsPerRecord);
        }
        if (mode == Subject.Mode.READ || threads > 1) {
            table(
                    title + ", records a microsecond: median / 90th percentile / " + ratio,
                    rows,
                    Batch::recordsPerMicrosecond,
                    0.9);
            keep("records a microsecond", rows, Batch::recordsPerMicrosecond);
        }
        if (threads > 1) {
            System.out.println();
            rows.forEach(this::printLost);
        }
        return kept;
    }

    private void keep(String measure, List<RecordComparison.Row> rows, ToDoubleFunction<Batch> value) {
        for (RecordComparison.Row row : rows) {
            for (int length : row.batches().keySet()) {
                kept.add(new Result(
                        mode.toString(),
                        threads,
                        measure,
                        row.name(),
                        length,
                        at(sorted(row, length, value), 0.5),
                        ratio(rows.getFirst(), row, length, value)));
            }
        }
    }

    private void printLost(RecordComparison.Row row) {
        long lost = row.lost().values().stream().mapToLong(count -> count).sum();
        long written = row.batches().values().stream()
                .flatMap(List::stream)
                .mapToLong(Batch::records)
                .sum();
        System.out.println("- " + row.name() + ": " + lost + " of " + written + " records lost to stragglers");
    }

    private void table(String title, List<RecordComparison.Row> rows, ToDoubleFunction<Batch> value, double quantile) {
        System.out.println();
        System.out.println("**" + title + "**");
        System.out.println();
        StringBuilder head = new StringBuilder("| bytes |");
        StringBuilder rule = new StringBuilder("|---|");
        for (int length : lengths) {
            head.append(" ").append(length).append(" |");
            rule.append("---|");
        }
        System.out.println(head);
        System.out.println(rule);
        for (RecordComparison.Row row : rows) {
            StringBuilder line = new StringBuilder("| " + row.name() + " |");
            for (int length : lengths) {
                line.append(" ")
                        .append(cell(rows.getFirst(), row, length, value, quantile))
                        .append(" |");
            }
            System.out.println(line);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the first row itself
    private static String cell(
            RecordComparison.Row first,
            RecordComparison.Row row,
            int length,
            ToDoubleFunction<Batch> value,
            double quantile) {
        if (!row.batches().containsKey(length)) {
            return "–";
        }
        double[] values = sorted(row, length, value);
        String own = "%.1f / %.1f".formatted(at(values, 0.5), at(values, quantile));
        return row == first ? own : own + " / **%.2f**".formatted(ratio(first, row, length, value));
    }

    private static double[] sorted(RecordComparison.Row row, int length, ToDoubleFunction<Batch> value) {
        return row.batches().get(length).stream().mapToDouble(value).sorted().toArray();
    }

    private static double ratio(
            RecordComparison.Row first, RecordComparison.Row other, int length, ToDoubleFunction<Batch> value) {
        List<Batch> ours = first.batches().get(length);
        List<Batch> theirs = other.batches().get(length);
        double[] ratios = IntStream.range(0, ours.size())
                .mapToDouble(i -> value.applyAsDouble(ours.get(i)) / value.applyAsDouble(theirs.get(i)))
                .toArray();
        Arrays.sort(ratios);
        return at(ratios, 0.5);
    }

    private static double at(double[] sorted, double quantile) {
        return sorted[(int) (quantile * (sorted.length - 1))];
    }
}
