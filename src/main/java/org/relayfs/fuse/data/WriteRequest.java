package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.relayfs.tree.access.Caller;

/// A `write(2)` on a relay file, which may be answered later than it was read from the device.
///
/// @param unique   number of the request
/// @param open     the descriptor
/// @param position where the kernel believes the descriptor to be
/// @param record   the bytes
/// @param caller   who writes
record WriteRequest(long unique, OpenRelayFile open, long position, MemorySegment record, Caller caller) {
    int length() {
        return (int) record.byteSize();
    }

    /// {@return the same with bytes of its own: those in the thread's buffer last until it reads the next request}
    WriteRequest kept() {
        byte[] bytes = record.toArray(JAVA_BYTE);
        return new WriteRequest(unique, open, position, MemorySegment.ofArray(bytes), caller);
    }
}
