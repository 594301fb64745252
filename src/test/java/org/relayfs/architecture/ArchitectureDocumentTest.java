package org.relayfs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The class tables of `docs/ARCHITECTURE.md` name every top-level class, and no other.
class ArchitectureDocumentTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern ROW = Pattern.compile("(?m)^(?:### `(.*)`|\\| `([A-Z]\\w+)` \\| .+)$");

    @Test
    void everyClassStandsInTheTableOfItsPackage() throws IOException {
        TreeSet<String> documented = new TreeSet<>();
        String document = Files.readString(Path.of("docs/ARCHITECTURE.md"));
        String packageName = "";
        for (MatchResult row : ROW.matcher(document).results().toList()) {
            packageName = row.group(1) == null ? packageName : row.group(1);
            if (row.group(2) != null) {
                documented.add(packageName + "." + row.group(2));
            }
        }
        assertThat(documented).isEqualTo(classes());
    }

    private static TreeSet<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString())
                    .filter(name -> name.endsWith(".java") && !name.endsWith("-info.java"))
                    .map(name ->
                            name.substring(0, name.length() - ".java".length()).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
