package org.relayfs.fuse.data;

import org.relayfs.fuse.wire.Handshake;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.RelayFile;

/// A relay file that the kernel knows.
///
/// @param id        node id
/// @param file      the file
/// @param openFiles its open descriptors
/// @param waiters   who waits for its records
/// @param roomWaiters who waits for room in it
/// @param pages     of its mappings, as far as the kernel keeps them
/// @param backing   the file that its mappings lead to
record RelayNode(
        long id,
        RelayFile file,
        OpenRelayFiles openFiles,
        Waiters waiters,
        RoomWaiters roomWaiters,
        CachedPages pages,
        BackingFile backing) {
    /// {@return a node of which nobody knows yet}
    ///
    /// @param id           node id
    /// @param file         the file
    /// @param notifier     tells those who wait
    /// @param waiting      finds the requests that are interrupted
    /// @param handshake    knows the largest write that arrives in one piece
    /// @param backingFiles registers what mappings lead to
    static RelayNode of(
            long id,
            RelayFile file,
            PollNotifier notifier,
            WaitingRequests waiting,
            Handshake handshake,
            BackingFiles backingFiles) {
        RingBuffer buffer = file.buffer();
        CachedPages pages = new CachedPages(id, buffer);
        return new RelayNode(
                id,
                file,
                new OpenRelayFiles(),
                new Waiters(buffer, notifier, waiting, pages),
                new RoomWaiters(buffer, notifier, new WriteQueue(file, handshake, waiting)),
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
        buffer().removeListeners(waiters, roomWaiters);
        backing.release();
        pages.forget();
    }

    @Override
    public String toString() {
        return "relay file of CPU " + buffer().cpu();
    }
}
