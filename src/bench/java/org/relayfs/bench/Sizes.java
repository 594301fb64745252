package org.relayfs.bench;

/// What all rings have in common: 512 KiB a CPU, which the caches hold, so that the cost of the code shows.
final class Sizes {
    static final int SUB_BUFFER_SIZE = 65_536;
    static final int SUB_BUFFER_COUNT = 8;
    static final int BUFFER_SIZE = SUB_BUFFER_SIZE * SUB_BUFFER_COUNT;

    /// Elements of a queue.
    static final int QUEUE_CAPACITY = 4096;

    private Sizes() {}
}
