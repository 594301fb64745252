package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Eight threads of three processes write numbered, checksummed records of random size for some seconds; nothing may
/// be lost, torn, doubled or out of order beyond what the counters say, exactly. Also on one CPU, and with processes
/// that are killed while they write. For longer: `-Dtest.jvm=-Drelayfs.stress.seconds=60`.
class RingStressIT {
    private static final long SECONDS = Long.getLong("relayfs.stress.seconds", 4);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-overwrite",
                "overwrite",
                "no-overwrite global pinned",
                "overwrite pinned",
                "no-overwrite kill",
                "overwrite kill",
            })
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyRecordIsAccountedFor(String variant) throws Exception {
        List<String> command = new ArrayList<>();
        if (variant.contains("pinned")) {
            assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "pinned: there is one CPU anyway");
            command.addAll(List.of("taskset", "-c", "0"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                RingStress.class.getName(),
                Long.toString(variant.contains("pinned") ? Math.max(1, SECONDS / 2) : SECONDS)));
        command.addAll(List.of(variant.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(variant + ": " + output.strip());
        assertThat(process.waitFor()).as(output).isZero();
    }
}
