package org.relayfs.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LauncherOptionsTest {
    @Test
    void theOptionsOfTheCacheArePassedOnAndNoOthers() {
        assertThat(LauncherOptions.cacheIn(List.of(
                        "-XX:AOTCache=/a/relayfs.aot",
                        "-Xlog:aot=off",
                        "-Xlog:cds=off",
                        "-Xlog:gc",
                        "-agentlib:jdwp=transport=dt_socket",
                        "-Djava.io.tmpdir=/tmp",
                        "-jar",
                        "/a/relayfs.jar",
                        "doctor")))
                .containsExactly("-XX:AOTCache=/a/relayfs.aot", "-Xlog:aot=off", "-Xlog:cds=off");
    }

    @Test
    void wordsOfTheUserAreNoOptionsOfTheJvm() {
        assertThat(LauncherOptions.cacheIn(List.of("-jar", "/a/relayfs.jar", "doctor", "-XX:AOTCache=/a/b")))
                .isEmpty();
    }

    @Test
    void thisJvmHasNoLauncher() {
        assertThat(LauncherOptions.cache()).isEmpty();
    }
}
