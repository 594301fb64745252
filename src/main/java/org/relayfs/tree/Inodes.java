package org.relayfs.tree;

import java.util.concurrent.atomic.AtomicLong;

/// Hands out inode numbers, from 1 (the root) upwards; none is ever given twice.
final class Inodes {
    private final AtomicLong last = new AtomicLong();

    long next() {
        return last.incrementAndGet();
    }
}
