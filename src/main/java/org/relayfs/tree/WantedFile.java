package org.relayfs.tree;

import org.relayfs.ring.RingBuffer;

/// A buffer that is to have a file.
///
/// @param path   where; null when the client has named a place that cannot be
/// @param buffer the buffer
/// @param asked  what the client has said, for the log
record WantedFile(FilePath path, RingBuffer buffer, String asked) {}
