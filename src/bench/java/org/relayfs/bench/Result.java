package org.relayfs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One cell of a table, as a line of the file in which a run is kept: its columns are separated by tabs, and lines that
/// begin with `#` tell the machine, the commit and the load.
///
/// @param mode    of all writers
/// @param writers how many
/// @param measure and its unit
/// @param subject who was measured
/// @param bytes   of a record
/// @param median  of the batches
/// @param ratio   the first subject's figure divided by it, median of the rounds; 1 for itself
record Result(String mode, int writers, String measure, String subject, int bytes, double median, double ratio) {
    private static final int COLUMNS = 7;

    /// What its table and its plot are called.
    String title() {
        return mode.toLowerCase(Locale.ROOT) + ", " + writers + (writers == 1 ? " writer" : " writers") + ", "
                + measure;
    }

    /// {@return the lines of a file}
    static List<Result> read(Path file) throws IOException {
        List<Result> results = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("#")) {
                results.add(parse(file, line));
            }
        }
        return results;
    }

    private static Result parse(Path file, String line) throws IOException {
        String[] words = line.split("\t", -1);
        try {
            if (words.length == COLUMNS) {
                return new Result(
                        words[0],
                        Integer.parseInt(words[1]),
                        words[2],
                        words[3],
                        Integer.parseInt(words[4]),
                        Double.parseDouble(words[5]),
                        Double.parseDouble(words[6]));
            }
        } catch (NumberFormatException e) {
            throw new IOException(file + ": no number in \"" + line + "\"", e);
        }
        throw new IOException(file + ": line=\"" + line + "\", columns=" + words.length + ", wanted=" + COLUMNS);
    }

    String line() {
        return String.join(
                "\t",
                mode,
                Integer.toString(writers),
                measure,
                subject,
                Integer.toString(bytes),
                String.format(Locale.ROOT, "%.2f", median),
                String.format(Locale.ROOT, "%.3f", ratio));
    }
}
