package org.relayfs.tool.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MountRootTest {
    @Test
    void ofMountsInOneAnotherTheInnermostIsMeant() {
        List<Path> mounts =
                List.of(Path.of("/mnt/a"), Path.of("/mnt/a/b/c"), Path.of("/mnt/a/b"), Path.of("/other/longer/path/d"));
        assertThat(MountRoot.innermost(mounts, Path.of("/mnt/a/b/c/app"))).hasValue(Path.of("/mnt/a/b/c"));
        assertThat(MountRoot.innermost(mounts, Path.of("/mnt/a/b"))).hasValue(Path.of("/mnt/a/b"));
        assertThat(MountRoot.innermost(mounts, Path.of("/mnt/a/bc"))).hasValue(Path.of("/mnt/a"));
        assertThat(MountRoot.innermost(mounts, Path.of("/mnt"))).isEmpty();
    }

    @Test
    void theReasonIsThatOfTheLastSuchLine() {
        List<String> log = List.of(
                "10:00 \"create app\" name: first",
                "10:01 \"create other\" name: other",
                "10:02 \"create app\" name: last");
        assertThat(MountRoot.reason("create app", log)).isEqualTo(": name: last");
        assertThat(MountRoot.reason("create other", log)).isEqualTo(": name: other");
        assertThat(MountRoot.reason("create none", log)).isEmpty();
        assertThat(MountRoot.reason("create app", List.of())).isEmpty();
        assertThat(MountRoot.reason("create app", List.of("\"create app"))).isEmpty();
    }

    /// The log keeps the first 128 characters of a line.
    @Test
    void aLongLineIsFoundByItsBeginning() {
        String logged = "create " + "x".repeat(121);
        List<String> log = List.of("10:00 \"" + logged + "...\" name: too long");
        assertThat(MountRoot.reason(logged + "y".repeat(50), log)).isEqualTo(": name: too long");
        assertThat(MountRoot.reason("create " + "x".repeat(120) + "y".repeat(50), log))
                .isEmpty();
    }
}
