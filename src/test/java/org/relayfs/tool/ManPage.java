package org.relayfs.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The source of a manual page, line by line.
final class ManPage {
    private static final Pattern SECTION = Pattern.compile("\\.S[hs] (.+)");
    private static final Pattern OPTION = Pattern.compile("Fl (-?[A-Za-z][\\w-]*)");

    /// Title of a section or subsection to its lines.
    private final Map<String, List<String>> sections = new LinkedHashMap<>();

    private ManPage(List<String> lines) {
        List<String> section = new ArrayList<>();
        for (String line : lines) {
            Matcher title = SECTION.matcher(line);
            if (title.matches()) {
                section = new ArrayList<>();
                sections.put(title.group(1), section);
            } else {
                section.add(line);
            }
        }
    }

    static ManPage of(String name) throws IOException {
        return new ManPage(Files.readAllLines(Path.of("docs/man", name)));
    }

    List<String> lines(String section) {
        return sections.getOrDefault(section, List.of());
    }

    boolean has(String section) {
        return sections.containsKey(section);
    }

    /// What the items of the lists of a section begin with, without `.It`.
    List<String> items(String section) {
        return lines(section).stream()
                .filter(line -> line.startsWith(".It "))
                .map(line -> line.substring(".It ".length()))
                .toList();
    }

    /// `-f` and `--follow` of the items of a section.
    Set<String> options(String section) {
        Set<String> options = new TreeSet<>();
        for (String item : items(section)) {
            Matcher option = OPTION.matcher(item);
            while (option.find()) {
                options.add("-" + option.group(1));
            }
        }
        return options;
    }
}
