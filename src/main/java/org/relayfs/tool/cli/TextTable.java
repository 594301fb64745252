package org.relayfs.tool.cli;

import java.util.ArrayList;
import java.util.List;

/// Columns for people: words to the left, numbers to the right.
public final class TextTable {
    private static final String GAP = "  ";
    private static final String ELLIPSIS = "...";
    private static final int SHORTEST = 11;
    private static final int RECOGNISABLE = 16;

    private final int wordColumns;
    private final List<List<String>> rows = new ArrayList<>();

    /// @param wordColumns how many columns, from the left, hold words
    /// @param header      names of the columns
    public TextTable(int wordColumns, String... header) {
        this.wordColumns = wordColumns;
        rows.add(List.of(header));
    }

    public void add(List<String> row) {
        rows.add(row);
    }

    public List<String> lines() {
        int columnCount = rows.getFirst().size();
        int[] widths = new int[columnCount];
        for (List<String> row : rows) {
            for (int column = 0; column < columnCount; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream().map(row -> line(row, widths).stripTrailing()).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            String space = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : GAP).append(column < wordColumns ? cell + space : space + cell);
        }
        return line.toString();
    }

    /// Shortens the words in the first column of a table, which hold no spaces, so that it is no wider than the
    /// terminal.
    /// Whoever reads it from a file or a pipe wants whole names.
    ///
    /// @param lines   of the table, the header first
    /// @param columns of the terminal
    /// @return lines of that length, or longer if the words would become too short
    public static List<String> fit(List<String> lines, int columns) {
        int widest = widest(lines);
        if (widest <= columns) {
            return lines;
        }
        int first = first(lines);
        int room = Math.min(first, Math.max(SHORTEST, first - (widest - columns)));
        return lines.stream().map(line -> fit(line, first, room)).toList();
    }

    /// As [#fit(List, int)], and leaves columns out rather than making words hard to recognise.
    ///
    /// @param lines   of the table, the header first; its cells begin where those of the header do
    /// @param columns of the terminal
    /// @param most    so many of the last columns may be left out
    /// @return lines of that length, or longer if the words would become too short
    public static List<String> fit(List<String> lines, int columns, int most) {
        List<String> kept = lines;
        for (int left = most; left > 0 && widest(kept) - columns > Math.max(0, first(kept) - RECOGNISABLE); left--) {
            int end = kept.getFirst().lastIndexOf(' ');
            kept = kept.stream()
                    .map(line -> line.substring(0, end).stripTrailing())
                    .toList();
        }
        return fit(kept, columns);
    }

    private static int widest(List<String> lines) {
        return lines.stream().mapToInt(String::length).max().orElse(0);
    }

    private static int first(List<String> lines) {
        return lines.stream().mapToInt(line -> (line + " ").indexOf(' ')).max().orElse(0);
    }

    private static String fit(String line, int first, int room) {
        String word =
                shortened(line.substring(0, Math.min(first, line.length())).strip(), room);
        return word + " ".repeat(room - word.length()) + line.substring(Math.min(first, line.length()));
    }

    /// {@return a word without its middle if it is longer}
    ///
    /// @param word to shorten
    /// @param room characters
    public static String shortened(String word, int room) {
        int length = Math.max(SHORTEST, room);
        if (word.length() <= length) {
            return word;
        }
        int end = (length - ELLIPSIS.length()) / 2;
        int start = length - ELLIPSIS.length() - end;
        return word.substring(0, start) + ELLIPSIS + word.substring(word.length() - end);
    }
}
