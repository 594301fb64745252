package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.relayfs.fuse.wire.FailureLog;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.linux.NativeBinder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of one session thread into libfuse, and of libfuse's replies back to that thread.
final class LibFuseChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LibFuseChannel.class);
    private static final FailureLog FAILURES = FailureLog.of(LOG, "reply to a request of type");
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

    private final LibFuseMount mount;
    private final MemorySegment channel;
    private final FuseRequest request;
    private final ReplyWriter writer;
    private final LibFuseReplies replies;

    /// @param arena   of the session thread; closed after this channel
    /// @param mount   whose requests are answered
    /// @param request view of the thread's buffer
    /// @param writer  of the thread
    /// @param replies sends what libfuse answers
    LibFuseChannel(Arena arena, LibFuseMount mount, FuseRequest request, ReplyWriter writer, LibFuseReplies replies) {
        this.mount = mount;
        this.request = request;
        this.writer = writer;
        this.replies = replies;
        MemorySegment upcall = NativeBinder.upcall(
                SEND.bindTo(this), FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG), arena);
        channel = mount.newChannel(arena, upcall, request.buffer().byteSize());
    }

    /// Hands the request in the thread's buffer to libfuse, which calls the control plane and sends the reply.
    void process() {
        replies.expect(request);
        mount.process(request, channel);
    }

    @Override
    public void close() {
        mount.destroyChannel(channel);
    }

    /// Called by libfuse. An exception must not leave it: that would end the process. Pointers are passed as
    /// numbers, because objects for them would be allocated before anything here could catch a lack of memory.
    @SuppressWarnings({"UnusedMethod", "UnusedVariable"})
    private int send(long ignoredChannel, long vectors, long count) {
        try {
            return replies.send(request, LibFuseReply.at(vectors, count), writer);
        } catch (Throwable t) {
            writer.refuse(request.unique()); // libfuse does not try it again
            FAILURES.error(request.opcode(), t);
            return Errno.EIO.negative();
        }
    }
}
