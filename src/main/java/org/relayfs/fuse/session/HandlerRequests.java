package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.LateReply;
import org.relayfs.fuse.wire.Poller;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.fuse.wire.SpareReply;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.OpenControlFile;
import org.relayfs.tree.ProgramFile;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.handler.HandlerCall;

/// READ, WRITE and POLL of the program's own files. A handler may take its time, so no session thread waits
/// for one: the request is answered by whoever ends it, without libfuse, which keeps nothing of such
/// requests. Called by session threads, several at a time.
final class HandlerRequests {
    private static final int WRITTEN_BYTES = FuseProtocol.IN_HEADER_SIZE + FuseProtocol.WRITE_IN_SIZE;
    private static final int ALWAYS_READY =
            FuseProtocol.POLLIN | FuseProtocol.POLLOUT | FuseProtocol.POLLRDNORM | FuseProtocol.POLLWRNORM;

    private final ControlPlane control;
    private final DataPlane data;
    private final FuseDevice device;
    private final SpareReply spare;
    private final Handshake handshake;
    private final boolean checkedByKernel;
    private final Map<Long, HandlerCall> unanswered = new ConcurrentHashMap<>();

    /// @param control         knows what is open
    /// @param data            knows whether mappings show what a file may tell
    /// @param device          through which requests are answered
    /// @param handshake       knows the longest write that arrives in one piece
    /// @param checkedByKernel the kernel has checked what the callers may do
    HandlerRequests(
            ControlPlane control, DataPlane data, FuseDevice device, Handshake handshake, boolean checkedByKernel) {
        this.control = control;
        this.data = data;
        this.device = device;
        this.spare = new SpareReply(device);
        this.handshake = handshake;
        this.checkedByKernel = checkedByKernel;
    }

    /// Answers a READ, WRITE or POLL, or has it answered.
    ///
    /// @param request in the calling thread's buffer
    /// @param replies of the calling thread
    /// @return false when it is about another file
    boolean serve(FuseRequest request, ReplyWriter replies) {
        OpenControlFile file = control.find(request.longAt(FuseProtocol.READ_HANDLE)); // all three have it there
        if (file == null || file.handled() == null) {
            return false;
        }
        try {
            switch (request.opcode()) {
                case FuseProtocol.READ -> read(request, file);
                case FuseProtocol.WRITE -> write(request, file);
                default -> poll(request, file, replies);
            }
        } catch (ErrnoException refusal) {
            replies.error(request.unique(), refusal.errno());
        }
        return true;
    }

    /// A client was interrupted while it waited for the answer to request `unique`.
    void interrupt(long unique) {
        HandlerCall call = unanswered.get(unique);
        if (call != null) {
            call.interrupt();
        }
    }

    private void read(FuseRequest request, OpenControlFile file) throws ErrnoException {
        long offset = request.longAt(FuseProtocol.READ_OFFSET);
        int size = request.intAt(FuseProtocol.READ_SIZE);
        if (file.isAtHand(offset)) {
            LateReply.of(request.unique(), content(file, offset, size)).send(device);
        } else {
            submit(request.unique(), file, () -> content(file, offset, size));
        }
    }

    private static byte[] content(OpenControlFile file, long offset, int size) throws ErrnoException {
        ByteBuffer target = ByteBuffer.allocate(size);
        return Arrays.copyOf(target.array(), file.read(target, offset));
    }

    private void write(FuseRequest request, OpenControlFile file) throws ErrnoException {
        if ((request.intAt(FuseProtocol.WRITE_FLAGS) & FuseProtocol.WRITE_CACHE) != 0) {
            throw new ErrnoException(Errno.EIO, "a cached mapping cannot be written back");
        }
        int length = request.intAt(FuseProtocol.WRITE_SIZE);
        int limit = handshake.maxRecord();
        // One byte too many is enough to refuse it for; those who wait are not to hold more.
        byte[] bytes = new byte[Math.min(length, Math.min(limit, ProgramFile.MAX_WRITE) + 1)];
        MemorySegment.copy(request.buffer(), JAVA_BYTE, WRITTEN_BYTES, bytes, 0, bytes.length);
        Caller caller = request.caller(checkedByKernel);
        submit(request.unique(), file, () -> {
            file.write(ByteBuffer.wrap(bytes), limit, caller);
            ByteBuffer written =
                    ByteBuffer.allocate(FuseProtocol.WRITE_OUT_SIZE).order(ByteOrder.nativeOrder());
            return written.putInt(FuseProtocol.WRITE_OUT_WRITTEN, length).array();
        });
    }

    private void submit(long unique, OpenControlFile file, HandlerCall.Work work) throws ErrnoException {
        Long number = unique;
        HandlerCall call = new HandlerCall(work, (refusal, result) -> answer(number, refusal, result));
        unanswered.put(number, call);
        try {
            file.handled().calls().submit(call);
        } catch (ErrnoException | RuntimeException | Error refused) {
            unanswered.remove(number);
            throw refused;
        }
    }

    /// By any thread; what the file tells of sub-buffers is in mappings before.
    private void answer(Long unique, Errno refusal, byte[] result) {
        try {
            unanswered.remove(unique);
            send(unique, refusal, result);
        } catch (OutOfMemoryError none) {
            spare.refuse(unique); // nobody else would
        }
    }

    private void send(long unique, Errno refusal, byte[] result) {
        if (refusal != null) {
            LateReply.refusal(unique, refusal).send(device);
            return;
        }
        LateReply reply = LateReply.of(unique, result);
        if (!data.sendAfterRenewal(reply::bytes)) {
            reply.send(device);
        }
    }

    /// As sysfs does: always ready, and exceptional from a change until the content is read again.
    private void poll(FuseRequest request, OpenControlFile file, ReplyWriter replies) {
        if ((request.intAt(FuseProtocol.POLL_FLAGS) & FuseProtocol.POLL_SCHEDULE_NOTIFY) != 0) {
            Poller poller = new Poller(device, request.longAt(FuseProtocol.POLL_KERNEL_HANDLE));
            file.handled().changes().watch(file, poller::wake);
        }
        int events = ALWAYS_READY;
        if (file.isChanged()) {
            events |= FuseProtocol.POLLPRI | FuseProtocol.POLLERR;
        }
        if (file.handled().changes().haveEnded()) {
            events |= FuseProtocol.POLLHUP;
        }
        replies.newBody(FuseProtocol.POLL_OUT_SIZE).set(JAVA_INT, FuseProtocol.POLL_OUT_EVENTS, events);
        replies.body(request.unique(), FuseProtocol.POLL_OUT_SIZE);
    }
}
