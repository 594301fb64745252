package org.relayfs.fuse.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.ThreadCall;

/// Answers READ: a read(2), which takes bytes out, or the filling of a page, which does not.
final class ReadOperation implements Operation {
    private final Handshake handshake;

    /// @param handshake knows how relay files are mapped
    ReadOperation(Handshake handshake) {
        this.handshake = handshake;
    }

    @Override
    public int briefBytes(FuseRequest request, RelayNode node) {
        return node.buffer().hasClient() ? -1 : request.intAt(FuseProtocol.READ_SIZE);
    }

    @Override
    public void answer(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException, IOException {
        if ((request.intAt(FuseProtocol.READ_FLAGS) & FuseProtocol.READ_LOCKOWNER) == 0) {
            fillPage(request, node, tools);
            return;
        }
        OpenRelayFile open = node.openFiles().get(request.longAt(FuseProtocol.READ_HANDLE));
        open.reads();
        long offset = request.longAt(FuseProtocol.READ_OFFSET);
        int length = request.intAt(FuseProtocol.READ_SIZE);
        int again = open.again(offset, length, tools.overflow());
        if (again > 0) {
            MemorySegment[] bytes = {tools.overflow().asSlice(0, again)};
            tools.replies().pieces(request.unique(), bytes, 1, again);
        } else {
            if (open.ahead(offset) > 0) {
                skip(request, node, open);
            }
            readOn(request, node, new ReadRequest(request.unique(), open, offset, length), tools);
        }
    }

    /// Programs that skip the beginning of a file seek where they may, and else read it: what they leave out
    /// is gone either way. Only if all of it is there at once: who seeks from `st_size`, as `tail -c` does, means
    /// another place when others have read before. A read that names its offset is refused, as on any stream.
    private static void skip(FuseRequest request, RelayNode node, OpenRelayFile open)
            throws ErrnoException, IOException {
        long offset = request.longAt(FuseProtocol.READ_OFFSET);
        long ahead = open.ahead(offset);
        boolean skipped = ThreadCall.of(request.pid()) == ThreadCall.SEQUENTIAL
                && node.buffer().read(ahead, (pieces, count, total) -> total == ahead) == ahead;
        if (!skipped) {
            throw new ErrnoException(Errno.ESPIPE, "read at offset " + offset + ": a relay file is a stream");
        }
        open.skipTo(offset);
    }

    private static void readOn(FuseRequest request, RelayNode node, ReadRequest read, ThreadTools tools)
            throws ErrnoException, IOException {
        ReadQueue queue = node.waiters().reads();
        boolean waits =
                node.file().isBlocking() && queue.mayWait() && !read.open().hasEnded();
        if (tools.reads().serve(node.buffer(), read, !waits) != ReadReply.Outcome.EMPTY) {
            return;
        }
        if ((request.intAt(FuseProtocol.READ_OPEN_FLAGS) & OpenFlags.O_NONBLOCK) != 0) {
            throw new ErrnoException(Errno.EAGAIN, "nothing to read");
        }
        queue.park(read, tools);
    }

    /// Not a read(2): a page fault, splice or sendfile. It must not consume. With passthrough a page fault does
    /// not come here, and splice answers EINVAL as on a kernel of today.
    private void fillPage(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        if (handshake.mmapMode() != MmapMode.CACHED) {
            throw new ErrnoException(Errno.EINVAL, "relay files do not support splice");
        }
        node.pages().fill(request, tools);
    }
}
