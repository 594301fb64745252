package org.relayfs.fuse.data;

import java.io.IOException;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.MemoryShortage;
import org.relayfs.linux.ErrnoException;

/// The handler of one kind of request on a relay file. Called by session threads, several at a time.
@FunctionalInterface
interface Operation {
    /// Answers a request, or keeps it for later.
    ///
    /// @param request in the calling thread's buffer
    /// @param node    the file that it is about
    /// @param tools   of the calling thread
    /// @throws ErrnoException the answer is this error
    /// @throws IOException    the kernel does not take the answer
    void answer(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException, IOException;

    /// {@return the same, tried again while there is no memory for it: what it gives back would be lost otherwise}
    ///
    /// @param operation that may be begun again
    static Operation persistent(Operation operation) {
        return (request, node, tools) -> {
            long since = MemoryShortage.NOT_YET;
            while (true) {
                try {
                    operation.answer(request, node, tools);
                    return;
                } catch (OutOfMemoryError e) {
                    since = MemoryShortage.await(since, e);
                }
            }
        };
    }

    /// {@return the same, for an answer that copies nothing: the thread keeps its turn to listen}
    ///
    /// @param operation that needs no lock that could be held for long and runs no client code
    static Operation brief(Operation operation) {
        return new Operation() {
            @Override
            public void answer(FuseRequest request, RelayNode node, ThreadTools tools)
                    throws ErrnoException, IOException {
                operation.answer(request, node, tools);
            }

            @Override
            public int briefBytes(FuseRequest request, RelayNode node) {
                return 0;
            }
        };
    }

    /// {@return the number of bytes copied to answer a request, if that needs no lock that could be held for long
    /// and runs no client code; otherwise a negative number}
    ///
    /// @param request in the calling thread's buffer
    /// @param node    the file that it is about
    default int briefBytes(FuseRequest request, RelayNode node) {
        return -1;
    }
}
