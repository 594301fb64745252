package org.relayfs.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Skips tests that need to mount where `/dev/fuse` cannot be opened.
final class FuseCondition implements ExecutionCondition {
    private static final Path DEVICE = Path.of("/dev/fuse");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Files.isReadable(DEVICE) && Files.isWritable(DEVICE)) {
            return ConditionEvaluationResult.enabled("there is " + DEVICE);
        }
        if ("1".equals(System.getenv("RELAYFS_REQUIRE_FUSE"))) {
            throw new AssertionError("RELAYFS_REQUIRE_FUSE=1, but " + DEVICE + " cannot be opened");
        }
        return ConditionEvaluationResult.disabled(DEVICE + " cannot be opened");
    }
}
