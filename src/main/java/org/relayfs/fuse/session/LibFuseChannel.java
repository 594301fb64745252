package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.wire.FailureLog;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.linux.NativeBinder;
import org.relayfs.tree.RelayFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of one session thread into libfuse, and of libfuse's replies to the kernel. Two replies are changed on
/// the way: INIT is extended, and a LOOKUP that found a relay file is answered by the data plane.
final class LibFuseChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LibFuseChannel.class);
    private static final int VECTOR_SIZE = 16;
    private static final MethodHandle SEND;

    static {
        try {
            SEND = MethodHandles.lookup()
                    .findVirtual(
                            LibFuseChannel.class,
                            "send",
                            MethodType.methodType(int.class, long.class, long.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LibFuse libFuse;
    private final MemorySegment session;
    private final MemorySegment channel;
    private final FuseRequest request;
    private final ReplyWriter replies;
    private final Handshake handshake;
    private final ControlPlane control;
    private final DataPlane data;

    /// @param arena   of the session thread; closed after this channel
    /// @param session whose requests are answered
    /// @param request view of the thread's buffer
    /// @param replies of the thread
    LibFuseChannel(Arena arena, FuseSession session, FuseRequest request, ReplyWriter replies) {
        this.libFuse = session.libFuse();
        this.session = session.mounted().session();
        this.request = request;
        this.replies = replies;
        this.handshake = session.handshake();
        this.control = session.control();
        this.data = session.data();
        MemorySegment upcall = NativeBinder.upcall(
                SEND.bindTo(this), FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG), arena);
        channel = libFuse.newChannel(
                arena, upcall, session.mounted().device(), request.buffer().byteSize());
    }

    /// Hands the request in the thread's buffer to libfuse, which calls [ControlPlane] and sends the reply.
    void process() {
        if (request.opcode() == FuseProtocol.LOOKUP) {
            control.beginLookup();
        }
        libFuse.process(session, request.buffer(), request.length(), channel);
    }

    @Override
    public void close() {
        libFuse.destroyChannel(channel);
    }

    /// Called by libfuse. An exception must not leave it: that would end the process. Pointers come as numbers,
    /// because objects for them would be made before anything here could catch that there is no memory for them.
    private int send(long ignoredChannel, long vectors, long count) {
        try {
            MemorySegment iovecs = MemorySegment.ofAddress(vectors).reinterpret(count * VECTOR_SIZE);
            return switch (request.opcode()) {
                case FuseProtocol.INIT -> sendInit(iovecs, (int) count);
                case FuseProtocol.LOOKUP -> sendLookup(iovecs, (int) count);
                case FuseProtocol.READ -> sendRead(iovecs, (int) count);
                default -> replies.forward(iovecs, (int) count);
            };
        } catch (Throwable t) {
            FailureLog.error(LOG, "reply to a request of type", request.opcode(), t);
            return Errno.EIO.negative();
        }
    }

    private int sendInit(MemorySegment iovecs, int count) {
        MemorySegment libFuseReply = vector(iovecs, 1);
        if (errorOf(iovecs) != 0 || libFuseReply.byteSize() == 0) {
            return replies.forward(iovecs, count);
        }
        MemorySegment reply = replies.newBody(FuseProtocol.INIT_OUT_SIZE);
        reply.copyFrom(libFuseReply.asSlice(0, Math.min(libFuseReply.byteSize(), reply.byteSize())));
        handshake.extend(request, reply);
        int result = replies.body(request.unique(), FuseProtocol.INIT_OUT_SIZE);
        handshake.finish();
        return result;
    }

    private int sendLookup(MemorySegment iovecs, int count) {
        RelayFile file = control.endLookup();
        if (file == null || errorOf(iovecs) != 0) {
            return replies.forward(iovecs, count);
        }
        data.handOver(file, request.unique(), replies);
        // As if the kernel had not taken the reply: libfuse then forgets the node that it has made for the name.
        return ReplyWriter.GONE;
    }

    private int sendRead(MemorySegment iovecs, int count) {
        return data.sendAfterRenewal(() -> bytes(iovecs, count)) ? 0 : replies.forward(iovecs, count);
    }

    private static byte[] bytes(MemorySegment iovecs, int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            bytes.writeBytes(vector(iovecs, i).toArray(JAVA_BYTE));
        }
        return bytes.toByteArray();
    }

    private static int errorOf(MemorySegment iovecs) {
        return vector(iovecs, 0).get(JAVA_INT, FuseProtocol.OUT_ERROR);
    }

    private static MemorySegment vector(MemorySegment iovecs, int index) {
        if ((index + 1L) * VECTOR_SIZE > iovecs.byteSize()) {
            return MemorySegment.NULL;
        }
        long length = iovecs.get(JAVA_LONG, (long) index * VECTOR_SIZE + Long.BYTES);
        return MemorySegment.ofAddress(iovecs.get(JAVA_LONG, (long) index * VECTOR_SIZE))
                .reinterpret(length);
    }
}
