package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;

/// The writer of replies and notifications to the device. Belongs to one thread.
///
/// Every method returns 0, or a negative errno: ENOENT when the request is gone (interrupted, or the mount is).
/// Bytes meant for such a request must not count as delivered.
public final class ReplyWriter {
    /// Where no process can have a reply: it has gone with its request.
    public static final int GONE = Errno.ENOENT.negative();

    private static final int MAX_PIECES = 64;
    private static final int VECTOR_SIZE = 16;
    private static final int BODY_SIZE = 256;

    private final int device;
    private final MemorySegment header;
    private final MemorySegment body;
    private final MemorySegment vectors;
    private final MemorySegment overflow;

    /// @param arena    its memory
    /// @param device   descriptor of /dev/fuse
    /// @param overflow takes the bytes of a read that is in too many pieces; as large as the largest reply
    public ReplyWriter(Arena arena, int device, MemorySegment overflow) {
        this.device = device;
        this.overflow = overflow;
        header = arena.allocate(FuseProtocol.OUT_HEADER_SIZE, Long.BYTES);
        body = arena.allocate(BODY_SIZE, Long.BYTES);
        vectors = arena.allocate((MAX_PIECES + 1) * (long) VECTOR_SIZE, Long.BYTES);
    }

    /// @param size of the structure to be sent by [#body(long, int)]
    /// @return zeroed memory for it
    public MemorySegment newBody(int size) {
        return body.asSlice(0, size).fill((byte) 0);
    }

    /// Sends what was put into [#newBody(int)].
    public int body(long unique, int size) {
        setVector(1, body.address(), size);
        return send(unique, 0, 1, size);
    }

    public int empty(long unique) {
        return send(unique, 0, 0, 0);
    }

    public int error(long unique, Errno errno) {
        return send(unique, -errno.number(), 0, 0);
    }

    /// Sends EIO, when all else has failed. Needs no memory once it has been called: other system calls do, until the
    /// optimising compiler has seen them.
    public void refuse(long unique) {
        putHeader(unique, Errno.EIO.negative(), 0);
        FileCalls.writeUnheard(device, header);
    }

    /// Sends bytes from where they are.
    public int pieces(long unique, MemorySegment[] pieces, int count, long total) {
        if (count > MAX_PIECES) {
            setVector(1, gather(pieces, count), total);
            return send(unique, 0, 1, total);
        }
        for (int i = 0; i < count; i++) {
            setVector(i + 1, pieces[i].address(), pieces[i].byteSize());
        }
        int result = send(unique, 0, count, total);
        Reference.reachabilityFence(pieces);
        return result;
    }

    /// Drops cached pages of a node. Waits for page fills that are under way: hold no lock.
    public int notifyInvalidate(long nodeId, long offset, long length) {
        MemorySegment range = newBody(FuseProtocol.NOTIFY_INVALIDATE_INODE_SIZE);
        range.set(JAVA_LONG, 0, nodeId);
        range.set(JAVA_LONG, 8, offset);
        range.set(JAVA_LONG, 16, length);
        setVector(1, body.address(), FuseProtocol.NOTIFY_INVALIDATE_INODE_SIZE);
        return send(0, FuseProtocol.NOTIFY_INVALIDATE_INODE, 1, FuseProtocol.NOTIFY_INVALIDATE_INODE_SIZE);
    }

    /// Sends a reply that libfuse has composed.
    public int forward(MemorySegment iovecs, int count) {
        return result(FileCalls.writev(device, iovecs, count));
    }

    /// Sends a whole reply, header included.
    public int raw(byte[] reply) {
        MemorySegment copy = overflow.asSlice(0, reply.length);
        copy.copyFrom(MemorySegment.ofArray(reply));
        return result(FileCalls.write(device, copy, reply.length));
    }

    private int send(long unique, int error, int count, long bodyLength) {
        putHeader(unique, error, bodyLength);
        setVector(0, header.address(), FuseProtocol.OUT_HEADER_SIZE);
        return result(FileCalls.writev(device, vectors, count + 1));
    }

    private void putHeader(long unique, int error, long bodyLength) {
        header.set(JAVA_INT, FuseProtocol.OUT_LENGTH, (int) (FuseProtocol.OUT_HEADER_SIZE + bodyLength));
        header.set(JAVA_INT, FuseProtocol.OUT_ERROR, error);
        header.set(JAVA_LONG, FuseProtocol.OUT_UNIQUE, unique);
    }

    private static int result(long written) {
        return written < 0 ? (int) written : 0;
    }

    private void setVector(int index, long address, long length) {
        vectors.set(JAVA_LONG, (long) index * VECTOR_SIZE, address);
        vectors.set(JAVA_LONG, (long) index * VECTOR_SIZE + Long.BYTES, length);
    }

    private long gather(MemorySegment[] pieces, int count) {
        long offset = 0;
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(pieces[i], JAVA_BYTE, 0, overflow, JAVA_BYTE, offset, pieces[i].byteSize());
            offset += pieces[i].byteSize();
        }
        return overflow.address();
    }
}
