package org.relayfs.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.relayfs.memory.SharedFolder;

/// Skips tests that need to mount where that is known to be impossible, for the reasons that `mount-scripts/check`
/// names.
final class FuseCondition implements ExecutionCondition {
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final int CAP_SYS_ADMIN = 21;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> obstacle;
        try {
            obstacle = obstacle();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (obstacle.isEmpty()) {
            return ConditionEvaluationResult.enabled("nothing is in the way of a mount");
        }
        if ("1".equals(System.getenv("RELAYFS_REQUIRE_FUSE"))) {
            throw new AssertionError("RELAYFS_REQUIRE_FUSE=1, but " + obstacle.get());
        }
        return ConditionEvaluationResult.disabled(obstacle.get());
    }

    private static Optional<String> obstacle() throws IOException {
        if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
            return Optional.of(DEVICE + " cannot be opened");
        }
        if (SharedFolder.userId() == 0) {
            return (Long.parseUnsignedLong(status("CapEff:"), 16) >> CAP_SYS_ADMIN & 1) == 1
                    ? Optional.empty()
                    : Optional.of("root lacks CAP_SYS_ADMIN");
        }
        if (status("NoNewPrivs:").equals("1")) {
            return Optional.of("fusermount3 may not gain privileges");
        }
        // What Java says of a user whom nobody knows.
        return System.getProperty("user.name").equals("?")
                ? Optional.of("fusermount3 mounts for nobody without a name")
                : Optional.empty();
    }

    private static String status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElse("0");
    }
}
