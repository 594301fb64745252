package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every release store and every fence names who relies on it (`// pairs with: Class.method`), and is named there.
class PairedAccessesTest {
    private static final Pattern METHOD =
            Pattern.compile("^    (?:(?:public|private|static|final|synchronized) )*[\\w<>\\[\\].]+ (\\w+)\\(.*");
    private static final Pattern PAIRS = Pattern.compile("// (?:.*\\. )?pairs with: (.*)");
    private static final Pattern NAME = Pattern.compile("[A-Z]\\w+\\.\\w+");
    private static final Pattern NEEDS_PARTNER =
            Pattern.compile(".*(?:\\bsetRelease\\(|\\b(?:full|loadLoad|storeStore|acquire|release)Fence\\().*");

    /// Method to the partners that its comments name.
    private final Map<String, Set<String>> partners = new TreeMap<>();

    /// Methods that release or fence.
    private final Set<String> releasing = new TreeSet<>();

    PairedAccessesTest() throws IOException {
        for (String folder : List.of("layout", "ring")) {
            try (Stream<Path> files = Files.list(Path.of("src/main/java/org/relayfs", folder))) {
                for (Path file : files.sorted().toList()) {
                    read(file);
                }
            }
        }
    }

    private void read(Path file) throws IOException {
        String type = file.getFileName().toString().replace(".java", "");
        String method = "";
        List<String> announced = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Matcher pairs = PAIRS.matcher(line);
            Matcher declared = METHOD.matcher(line);
            if (pairs.find()) {
                List<String> names = NAME.matcher(pairs.group(1))
                        .results()
                        .map(r -> r.group())
                        .toList();
                assertThat(names).as(type + ": " + line.strip()).isNotEmpty();
                if (line.startsWith("     ")) {
                    partners.computeIfAbsent(method, key -> new TreeSet<>()).addAll(names);
                } else {
                    announced.addAll(names);
                }
            } else if (declared.matches()) {
                method = type + "." + declared.group(1);
                partners.computeIfAbsent(method, key -> new TreeSet<>()).addAll(announced);
                announced.clear();
            }
            if (!type.equals("Words") && NEEDS_PARTNER.matcher(line).matches()) {
                releasing.add(method);
            }
        }
    }

    @Test
    void whoReleasesOrFencesNamesWhoReliesOnIt() {
        assertThat(releasing).hasSizeGreaterThanOrEqualTo(12);
        assertThat(releasing)
                .allSatisfy(
                        method -> assertThat(partners.get(method)).as(method).isNotEmpty());
    }

    @Test
    void partnersNameEachOther() {
        partners.forEach((method, named) -> assertThat(named).allSatisfy(partner -> {
            assertThat(partners).as(method + " pairs with").containsKey(partner);
            assertThat(partners.get(partner)).as(partner + " answers").contains(method);
        }));
    }
}
