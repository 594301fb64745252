package org.relayfs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The class tables of `docs/ARCHITECTURE.md` name every top-level class, and no other.
class ArchitectureDocumentTest {
    private static final Pattern WAY = Pattern.compile("(?ms)^## (The way of [^\\n]+)\\n(.*?)(?=^## )");
    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)?`");

    /// A class with those that are nested in it, by its simple name.
    private static final Map<String, List<JavaClass>> BY_NAME = new ClassFileImporter(
                    List.of(new ImportOption.DoNotIncludeTests()))
            .importPackages("org.relayfs").stream()
                    .collect(Collectors.groupingBy(
                            type -> type.getName().replaceAll("\\$.*", "").replaceAll(".*\\.", "")));

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

    private static Set<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString())
                    .filter(name -> name.endsWith(".java") && !name.endsWith("-info.java"))
                    .map(name ->
                            name.substring(0, name.length() - ".java".length()).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /// The ways of the document, for one test each.
    static Stream<Arguments> ways() throws IOException {
        return WAY.matcher(Files.readString(Path.of("docs/ARCHITECTURE.md")))
                .results()
                .map(way -> Arguments.of(way.group(1), way.group(2)));
    }

    @Test
    void theWaysAreDescribed() throws IOException {
        assertThat(ways().map(way -> way.get()[0])).hasSize(6);
    }

    /// Whoever walks along a way comes from each class to the next ones: each is known to a class that was met before,
    /// or
    /// implements an interface that one of those calls.
    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void eachClassOfAWayIsReachedFromThoseBeforeIt(String way, String text) {
        Set<String> met = new LinkedHashSet<>();
        for (String name : classesNamedIn(text)) {
            assertThat(BY_NAME).as(way + ": the class " + name).containsKey(name);
            if (!met.isEmpty() && !met.contains(name)) {
                assertThat(met).as(way + ": who leads to " + name).anyMatch(earlier -> leadsTo(earlier, name));
            }
            met.add(name);
        }
        assertThat(met).as(way).hasSizeGreaterThan(5);
    }

    @Test
    void aStepThatNobodyTakesIsFound() {
        assertThat(leadsTo("SessionThread", "DataPlane")).isTrue();
        assertThat(leadsTo("OpenControlFile", "ControlCommands"))
                .as("through an interface")
                .isTrue();
        assertThat(leadsTo("SessionThread", "RecordWriter")).isFalse();
        assertThat(leadsTo("DataPlane", "SessionThread")).as("backwards").isFalse();
    }

    private static List<String> classesNamedIn(String way) {
        return way.lines()
                .filter(line -> line.startsWith("   ") || line.matches("\\d+\\. .*"))
                .flatMap(line -> CLASS.matcher(line).results())
                .map(name -> name.group(1))
                .toList();
    }

    private static boolean leadsTo(String from, String to) {
        Set<JavaClass> known = BY_NAME.get(from).stream()
                .flatMap(part -> part.getDirectDependenciesFromSelf().stream())
                .map(Dependency::getTargetClass)
                .collect(Collectors.toSet());
        return BY_NAME.get(to).stream()
                .anyMatch(target -> known.contains(target)
                        || target.getAllRawInterfaces().stream()
                                .anyMatch(contract -> contract.getPackageName().startsWith("org.relayfs")
                                        && known.contains(contract)));
    }
}
