package org.relayfs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `docs/semantics.md` and `docs/security.md` name the test that proves each line; this one proves that
/// each of them exists, runs and can fail.
class DocumentedTestsTest {
    private static final Path DOCUMENT = Path.of("docs/semantics.md");
    private static final Path SECURITY = Path.of("docs/security.md");
    private static final Path SHELL_CASES = Path.of("src/test/sh");
    private static final Proofs PROOFS = new Proofs();

    /// `SomeTest`, `SomeTest.method`, or `.method` of the class named last.
    private static final Pattern REFERENCE = Pattern.compile("`([A-Z]\\w*(?:Test|IT|Stress))?(?:\\.([a-z]\\w*))?`");

    private static final Pattern ANSWER =
            Pattern.compile("\\*kept\\*.*|\\*changed\\*(:| with ).+|\\*left out\\* \\(.*(FUSE|JVM).*\\)");

    private static final Pattern SHELL_CASE = Pattern.compile("`([a-z-]+\\.sh)`");

    /// It exists, JUnit or jcstress runs it, and it can fail: somewhere on its way it asserts something.
    @ParameterizedTest
    @ValueSource(strings = {"docs/semantics.md", "docs/security.md"})
    void everyTestThatTheDocumentNamesRunsAndCanFail(Path document) throws IOException {
        List<String> wrong = new ArrayList<>();
        int found = 0;
        String lastClass = "";
        Matcher reference = REFERENCE.matcher(Files.readString(document));
        while (reference.find()) {
            lastClass = reference.group(1) == null ? lastClass : reference.group(1);
            String method = reference.group(2);
            if (!PROOFS.holds(lastClass, method)) {
                wrong.add(lastClass + (method == null ? "" : "." + method));
            }
            found++;
        }
        assertThat(wrong).isEmpty();
        assertThat(found).as("references in " + document).isGreaterThan(10);
    }

    @Test
    void whatDoesNotRunOrCannotFailIsNoProof() {
        assertThat(PROOFS.holds("DocumentedTestsTest", "everyRuleNamesATest")).isTrue();
        assertThat(PROOFS.holds("DocumentedTestsTest", null)).isTrue();
        assertThat(PROOFS.holds("DocumentedTestsTest", "rows")).as("no test").isFalse();
        assertThat(PROOFS.holds("DocumentedTestsTest", "thereIsNone")).isFalse();
        assertThat(PROOFS.holds("NoSuchTest", null)).isFalse();
        assertThat(PROOFS.holds("Proofs$Samples", "assertsNothing")).isFalse();
        assertThat(PROOFS.holds("Proofs$Samples", "isDisabled")).isFalse();
    }

    @Test
    void everyThreatNamesATestThatExists() throws IOException {
        List<String> threats = Files.readAllLines(SECURITY).stream()
                .filter(line -> line.startsWith("| ") && line.split("\\|").length == 4)
                .filter(line -> !line.startsWith("| threat |"))
                .toList();
        assertThat(threats).hasSizeGreaterThan(20);
        for (String threat : threats) {
            assertThat(namesAProof(threat)).as(threat).isTrue();
        }
    }

    private static boolean namesAProof(String row) {
        List<String> cases = SHELL_CASE
                .matcher(lastCell(row))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(cases)
                .allSatisfy(name -> assertThat(SHELL_CASES.resolve(name)).exists());
        return !cases.isEmpty() || REFERENCE.matcher(lastCell(row)).find();
    }

    @Test
    void everyRuleNamesATest() throws IOException {
        assertThat(rows().filter(row -> !row.contains("*left out*")).filter(row -> !namesAProof(row)))
                .isEmpty();
    }

    /// Relay's own rules: each is kept, changed or left out, and the latter two have a reason. What is left out is so
    /// because FUSE does not let it be, or the JVM.
    @Test
    void everyRuleOfRelayHasItsAnswer() throws IOException {
        List<String> rules = rows().filter(row -> cells(row).length == 4).toList();
        assertThat(rules).hasSizeGreaterThan(100);
        assertThat(rules.stream()
                        .filter(row -> !ANSWER.matcher(cells(row)[2].strip()).matches()))
                .isEmpty();
    }

    /// {@return the rows of all tables but their heads}
    private static Stream<String> rows() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| ") && !line.matches("\\| (rule|relay) \\|.*"));
    }

    private static String[] cells(String row) {
        return row.replace("\\|", "¦").split("\\|");
    }

    private static String lastCell(String row) {
        String[] cells = cells(row);
        return cells[cells.length - 1];
    }
}
