package org.relayfs.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A relay, its tree and its mount, opened and closed together.
final class MountedRelay implements AutoCloseable {
    private MountedRelay() {}

    static MountedRelay open(Path mountPoint, List<String> options) throws IOException, ToolException {
        throw new ToolException(ExitCode.SYSTEM, "this build cannot mount yet: " + mountPoint + " " + options);
    }

    void awaitUnmounted() throws InterruptedException {
        Thread.currentThread().join(1);
    }

    @Override
    public void close() {
        // Nothing is open yet.
    }
}
