package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import org.relayfs.fuse.wire.FuseProtocol;

/// A reply that libfuse has composed: the header in the first piece, the rest in the others.
///
/// @param iovecs array of `struct iovec`
/// @param count  of its elements
record LibFuseReply(MemorySegment iovecs, int count) {
    private static final int VECTOR_SIZE = 16;

    /// {@return the reply that lies there}
    ///
    /// @param address of the array
    /// @param count   of its elements
    static LibFuseReply at(long address, long count) {
        return new LibFuseReply(MemorySegment.ofAddress(address).reinterpret(count * VECTOR_SIZE), (int) count);
    }

    boolean isError() {
        return piece(0).get(JAVA_INT, FuseProtocol.OUT_ERROR) != 0;
    }

    /// {@return what follows the header; nothing in a reply without}
    MemorySegment body() {
        return piece(1);
    }

    private MemorySegment piece(int index) {
        if (index >= count) {
            return MemorySegment.NULL;
        }
        long at = (long) index * VECTOR_SIZE;
        return MemorySegment.ofAddress(iovecs.get(JAVA_LONG, at)).reinterpret(iovecs.get(JAVA_LONG, at + Long.BYTES));
    }

    /// {@return all of it, header included}
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            bytes.writeBytes(piece(i).toArray(JAVA_BYTE));
        }
        return bytes.toByteArray();
    }
}
