package org.relayfs.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Maven project of the tests' own, built by a Maven of its own with what is in the local repository, or else with
/// what it can fetch.
public final class MavenProject {
    private static final int PATIENCE_S = 180;

    private MavenProject() {}

    /// Runs Maven; a test that cannot have what the project needs is skipped.
    ///
    /// @param pom       of the project
    /// @param what      that may be missing, for the reason
    /// @param arguments goals and properties
    /// @throws Exception Maven cannot be run
    public static void build(Path pom, String what, String... arguments) throws Exception {
        assumeTrue(
                runs(pom, true, arguments) || runs(pom, false, arguments),
                () -> "Maven has no " + what + ", and cannot fetch it");
    }

    private static boolean runs(Path pom, boolean offline, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "timeout",
                Integer.toString(PATIENCE_S),
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "mvn",
                "-q",
                "-B",
                "-f",
                pom.toString(),
                "-Dmaven.repo.local=" + System.getProperty("maven.repository")));
        if (offline) {
            words.add("-o");
        }
        words.addAll(List.of(arguments));
        try (Client maven = Client.start(words.toArray(String[]::new))) {
            return maven.awaitEnd(PATIENCE_S + 10) == 0;
        }
    }
}
