package org.relayfs.tool.client;

import java.util.ArrayList;
import java.util.List;

/// A table that the file system prints: a line of column names, then lines of as many words. Columns are found by
/// name, so that a column added by a later version does no harm, and a missing one is 0.
final class NamedColumns {
    private final List<String> names;
    private final List<List<String>> lines;

    private NamedColumns(List<String> names, List<List<String>> lines) {
        this.names = names;
        this.lines = lines;
    }

    static NamedColumns of(String text) {
        List<List<String>> lines = new ArrayList<>();
        text.lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> lines.add(List.of(line.strip().split(" +"))));
        return lines.isEmpty()
                ? new NamedColumns(List.of(), List.of())
                : new NamedColumns(lines.getFirst(), lines.subList(1, lines.size()));
    }

    int lineCount() {
        return lines.size();
    }

    String text(int line, String name) {
        int column = names.indexOf(name);
        List<String> words = lines.get(line);
        return column < 0 || column >= words.size() ? "0" : words.get(column);
    }

    long number(int line, String name) {
        try {
            return Long.parseLong(text(line, name));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
