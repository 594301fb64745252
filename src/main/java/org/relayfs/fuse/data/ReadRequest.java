package org.relayfs.fuse.data;

/// A `read(2)` of a relay file, which may be answered later than it was read from the device.
///
/// @param unique number of the request
/// @param open   the descriptor
/// @param offset where the kernel believes the descriptor to be
/// @param length the maximum number of bytes
record ReadRequest(long unique, OpenRelayFile open, long offset, int length) {}
