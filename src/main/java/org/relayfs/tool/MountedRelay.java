package org.relayfs.tool;

import java.io.IOException;
import java.nio.file.Path;

/// A relay, its tree and its mount, opened and closed together.
final class MountedRelay implements AutoCloseable {
    private MountedRelay() {}

    static MountedRelay open(Path mountPoint, MountSettings settings) throws IOException, ToolException {
        throw new ToolException(
                ExitCode.SYSTEM, "this build cannot mount yet: " + mountPoint + " " + settings.handedOn());
    }

    void awaitUnmounted() throws InterruptedException {
        Thread.currentThread().join(1);
    }

    @Override
    public void close() {
        // Nothing is open yet.
    }
}
