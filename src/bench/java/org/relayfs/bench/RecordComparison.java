package org.relayfs.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Compares ways to log a record: many short batches that take turns in random order, so that whatever else the
/// machine does meets all of them alike. Prints tables in Markdown.
///
/// Arguments: `subjects=NAME:CLASS,NAME:PROGRAM/WORD,NAME:CLASSPATH!CLASS,…` (the others are compared with the first;
/// `@N` behind one: with N threads, whatever `threads` says), `lengths=8,…`, `threads=1,…`,
/// `modes=overwrite,discard,read`, `rounds=N`, `batch_us=N`, `keep=FILE` (the medians are added to it, see [Result]).
public final class RecordComparison {
    private static final int WARM_UP_BATCHES = 30;
    private static final int FIRST_COUNT = 2_000;

    private final Map<String, String> subjects = new LinkedHashMap<>();
    private final int[] lengths;
    private final int rounds;
    private final long batchNs;
    private final Path keep;
    private final Random random = new Random(1);

    private RecordComparison(Map<String, String> options) {
        for (String subject : options.get("subjects").split(",")) {
            int colon = subject.indexOf(':');
            subjects.put(subject.substring(0, colon), subject.substring(colon + 1));
        }
        lengths = numbers(options.getOrDefault("lengths", "8,16,32,64,128,256,1024"));
        rounds = Integer.parseInt(options.getOrDefault("rounds", "41"));
        batchNs = 1000L * Integer.parseInt(options.getOrDefault("batch_us", "3000"));
        keep = options.containsKey("keep") ? Path.of(options.get("keep")) : null;
    }

    private static int[] numbers(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    /// The results of one subject, by length.
    record Row(String name, Map<Integer, List<Batch>> batches, Map<Integer, Long> lost) {}

    /// Runs the comparison.
    ///
    /// @param args `name=value`
    /// @throws Exception something could not be measured
    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (String arg : args) {
            options.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
        }
        RecordComparison comparison = new RecordComparison(options);
        for (String mode :
                options.getOrDefault("modes", "overwrite,discard,read").split(",")) {
            for (int threads : numbers(options.getOrDefault("threads", "1"))) {
                comparison.compare(Subject.Mode.valueOf(mode.toUpperCase(Locale.ROOT)), threads);
            }
        }
        // Some peers leave threads behind.
        System.exit(0);
    }

    private void compare(Subject.Mode mode, int threads) throws Exception {
        List<Row> rows = new ArrayList<>();
        subjects.keySet().forEach(name -> rows.add(new Row(name, new LinkedHashMap<>(), new LinkedHashMap<>())));
        for (int length : lengths) {
            measure(mode, threads, length, rows);
        }
        rows.removeIf(row -> row.batches.isEmpty());
        List<Result> results = new ResultTable(mode, threads, lengths).print(rows);
        if (keep != null) {
            Files.write(
                    keep,
                    results.stream().map(Result::line).toList(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    private Contestant open(String subject, Subject.Mode mode, int length, int threads) throws Exception {
        int at = subject.lastIndexOf('@');
        if (at >= 0) {
            return open(subject.substring(0, at), mode, length, Integer.parseInt(subject.substring(at + 1)));
        }
        int slash = subject.lastIndexOf('/');
        return slash < 0 || subject.contains("!")
                ? JavaContestant.open(subject, mode, length, threads)
                : ProgramContestant.open(
                        subject.substring(0, slash), subject.substring(slash + 1), mode, length, threads);
    }

    private record Entry(Row row, Contestant contestant, int count) {}

    private void measure(Subject.Mode mode, int threads, int length, List<Row> rows) throws Exception {
        List<Entry> entries = new ArrayList<>();
        for (Row row : rows) {
            Contestant contestant = open(subjects.get(row.name), mode, length, threads);
            if (contestant != null) {
                entries.add(new Entry(row, contestant, warmUp(contestant)));
                row.batches.put(length, new ArrayList<>());
            }
        }
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(entries, random);
            for (Entry entry : entries) {
                entry.row.batches.get(length).add(entry.contestant.run(entry.count));
            }
        }
        for (Entry entry : entries) {
            entry.row.lost.put(length, entry.contestant.lost());
            entry.contestant.close();
        }
    }

    /// Lets the JIT do its work; returns how many records make a batch.
    private int warmUp(Contestant contestant) throws Exception {
        int count = FIRST_COUNT;
        double best = Double.MAX_VALUE;
        for (int i = 0; i < WARM_UP_BATCHES; i++) {
            Batch batch = contestant.run(count);
            best = Math.min(best, (double) batch.wallNs() / count);
            count = (int) Math.max(100, Math.min(batchNs / best, 2.0 * count));
        }
        return count;
    }
}
