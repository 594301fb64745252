package org.relayfs.tree;

/// The current settings `blocking` and `size_reporting` of a directory, which decide how its relay files answer.
final class ReadBehaviour {
    private volatile boolean blocking;
    private volatile SizeReporting sizeReporting = SizeReporting.RELAY;

    boolean isBlocking() {
        return blocking;
    }

    void setBlocking(boolean waits) {
        blocking = waits;
    }

    SizeReporting sizeReporting() {
        return sizeReporting;
    }

    void setSizeReporting(SizeReporting reporting) {
        sizeReporting = reporting;
    }
}
