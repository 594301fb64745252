package org.relayfs.fuse.data;

import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.RelayFile;

/// A relay file that the kernel knows.
///
/// @param id        node id
/// @param file      the file
/// @param openFiles its open descriptors
/// @param waiters   who waits for it
/// @param pages     of its mappings, as far as the kernel keeps them
/// @param backing   the file that its mappings lead to
record RelayNode(
        long id, RelayFile file, OpenRelayFiles openFiles, Waiters waiters, CachedPages pages, BackingFile backing) {
    /// {@return a node of which nobody knows yet}
    ///
    /// @param id           node id
    /// @param file         the file
    /// @param notifier     tells those who wait
    /// @param waitingReads finds the reads that are interrupted
    /// @param backingFiles registers what mappings lead to
    static RelayNode of(
            long id, RelayFile file, PollNotifier notifier, WaitingReads waitingReads, BackingFiles backingFiles) {
        RingBuffer buffer = file.buffer();
        CachedPages pages = new CachedPages(id, buffer);
        return new RelayNode(
                id,
                file,
                new OpenRelayFiles(),
                new Waiters(buffer, notifier, waitingReads, pages),
                pages,
                new BackingFile(buffer.dataPath(), backingFiles));
    }

    RingBuffer buffer() {
        return file.buffer();
    }

    /// {@return true when the file is removed and nobody has it open}
    boolean isUnused() {
        return file.isRemoved() && openFiles.isEmpty();
    }

    /// The kernel has forgotten it.
    void dispose() {
        backing.release();
        pages.forget();
    }

    @Override
    public String toString() {
        return "relay file of CPU " + buffer().cpu();
    }
}
