package org.relayfs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The version is in the pom; whoever copies it from elsewhere gets the same.
class VersionTest {
    private static final Pattern POM = Pattern.compile("<artifactId>relayfs</artifactId>\\s*<version>(.+?)</version>");

    private static String pom() throws IOException {
        return only("pom.xml", POM).getFirst();
    }

    private static List<String> only(String file, Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(Path.of(file)))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void readmesCoordinatesAreThoseOfThePom() throws Exception {
        assertThat(only("README.md", POM)).containsExactly(pom());
        assertThat(only("README.md", Pattern.compile("'org\\.relayfs:relayfs:(.+?)'")))
                .containsExactly(pom());
    }

    @Test
    void theChangeLogBeginsWithThisVersion() throws Exception {
        String released = pom().replace("-SNAPSHOT", "");
        assertThat(only("docs/CHANGELOG.md", Pattern.compile("(?m)^## (.+)$")).getFirst())
                .matches(pom().equals(released) ? released + ", \\d{4}-\\d\\d-\\d\\d" : "Unreleased: " + released);
    }
}
