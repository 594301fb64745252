package org.relayfs.tool.cli;

import java.util.ArrayList;
import java.util.List;

/// Columns for people: words to the left, numbers to the right.
public final class TextTable {
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
            line.append(column == 0 ? "" : "  ").append(column < wordColumns ? cell + space : space + cell);
        }
        return line.toString();
    }
}
