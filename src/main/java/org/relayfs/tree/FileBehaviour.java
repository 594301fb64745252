package org.relayfs.tree;

/// The current settings `blocking`, `blocking_writes` and `size_reporting` of a directory, which decide how its relay
/// files answer.
final class FileBehaviour {
    private volatile boolean blocking;
    private volatile boolean blockingWrites;
    private volatile SizeReporting sizeReporting = SizeReporting.RELAY;

    boolean isBlocking() {
        return blocking;
    }

    void setBlocking(boolean waits) {
        blocking = waits;
    }

    boolean isBlockingWrites() {
        return blockingWrites;
    }

    void setBlockingWrites(boolean wait) {
        blockingWrites = wait;
    }

    SizeReporting sizeReporting() {
        return sizeReporting;
    }

    void setSizeReporting(SizeReporting reporting) {
        sizeReporting = reporting;
    }
}
