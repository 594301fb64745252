package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.relayfs.testing.MountTest;

/// Every example of every document is run as it stands there, on a real mount. Field case 20.
@MountTest
@Timeout(300)
final class DocumentedExamplesIT {
    private static final Set<String> PROGRAMS = Set.of("java", "python", "c");
    /// What nobody runs: pictures, and lines of somebody's build file or system table.
    private static final Set<String> NOT_RUN = Set.of("", "text", "xml", "groovy", "properties", "fstab");

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md")),
                            files.filter(file -> file.toString().matches(".*\\.(md|[1-8])")))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    List<DynamicTest> document() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            List<DocumentBlock> blocks = DocumentBlock.of(document);
            if (!blocks.isEmpty()) {
                tests.add(DynamicTest.dynamicTest(document.toString(), () -> run(blocks)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(3);
        return tests;
    }

    private static void run(List<DocumentBlock> blocks) throws Exception {
        try (DocumentSession session = new DocumentSession()) {
            for (int i = 0; i < blocks.size(); i++) {
                DocumentBlock block = blocks.get(i);
                if (block.note("run by").isPresent()) {
                    assertThat(block.note("run by").get().split(", ")).allSatisfy(DocumentedExamplesIT::exists);
                } else if (PROGRAMS.contains(block.language())) {
                    session.save(block);
                } else if (block.language().equals("sh")) {
                    boolean shown = i + 1 < blocks.size()
                            && blocks.get(i + 1).language().equals("text");
                    session.run(
                            block,
                            shown
                                    ? blocks.get(i + 1).text()
                                    : block.note("prints").orElse(""));
                } else {
                    assertThat(NOT_RUN).as(block.toString()).contains(block.language());
                }
            }
        }
    }

    private static void exists(String test) throws IOException {
        try (Stream<Path> files = Stream.of(".ci", "src/test").flatMap(DocumentedExamplesIT::filesBelow)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("the test that runs an example")
                    .containsAnyOf(test, test + ".java");
        }
    }

    @SuppressWarnings("StreamResourceLeak") // flatMap closes it
    private static Stream<Path> filesBelow(String folder) {
        try {
            return Files.walk(Path.of(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lines that are only indented are code, too, which nobody would run.
    @Test
    void everyBlockOfCodeIsFenced() throws IOException {
        for (Path document : documents()) {
            if (!document.toString().endsWith(".md")) {
                continue;
            }
            String outside = Pattern.compile("(?ms)^```.*?^```$")
                    .matcher(Files.readString(document))
                    .replaceAll("");
            assertThat(outside.lines().filter(line -> line.startsWith("    ")))
                    .as(document.toString())
                    .isEmpty();
        }
    }
}
