package org.relayfs.tree;

/// The current settings `blocking` and `size_reporting` of a directory, which decide how its relay files answer.
final class ReadBehaviour {
    private volatile boolean blocking;
    private volatile boolean wholeBufferSize;

    boolean isBlocking() {
        return blocking;
    }

    void setBlocking(boolean waits) {
        blocking = waits;
    }

    /// @return true when `st_size` is the length of the mapping, false when it is the payload of closed sub-buffers
    boolean isWholeBufferSize() {
        return wholeBufferSize;
    }

    void setWholeBufferSize(boolean whole) {
        wholeBufferSize = whole;
    }
}
