package org.relayfs.fuse.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.relayfs.buffer.ReadySink;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.ring.RingBuffer;

/// Answers a read straight from the ring: the sink through which a buffer hands its bytes to the device. Belongs
/// to one thread.
final class ReadReply implements ReadySink {
    /// The outcome of a read.
    enum Outcome {
        /// It was answered.
        SENT,
        /// There is nothing to read, and it was not answered.
        EMPTY,
        /// The request is gone; nothing was consumed.
        GONE
    }

    private final ReplyWriter replies;
    private ReadRequest request;
    private boolean answersWhenEmpty;
    private Outcome outcome = Outcome.EMPTY;

    /// @param replies of the same thread
    ReadReply(ReplyWriter replies) {
        this.replies = replies;
    }

    /// @param buffer          to read from
    /// @param read            the request
    /// @param answerWhenEmpty true: without data, the answer is 0 bytes; false: there is none
    /// @return what has become of it
    /// @throws IOException the device refuses the reply; the request is not answered
    Outcome serve(RingBuffer buffer, ReadRequest read, boolean answerWhenEmpty) throws IOException {
        request = read;
        answersWhenEmpty = answerWhenEmpty;
        outcome = Outcome.EMPTY;
        if (read.open().hasEnded()) {
            buffer.readOfItsOwn(read.length(), this);
        } else {
            buffer.read(read.length(), this);
        }
        return outcome;
    }

    @Override
    public boolean accept(MemorySegment[] pieces, int count, long total) throws IOException {
        if (total == 0 && !answersWhenEmpty) {
            return false;
        }
        int result = reply(pieces, count, total);
        if (result == 0) {
            outcome = Outcome.SENT;
            return true;
        }
        request.open().takeBack(request.offset());
        if (result != ReplyWriter.GONE && !Errno.ENODEV.is(result)) {
            throw new IOException("reply of " + total + " bytes: " + Errno.text(result));
        }
        outcome = Outcome.GONE;
        return false;
    }

    private int reply(MemorySegment[] pieces, int count, long total) {
        try {
            // Before the reply: the client may ask for what follows as soon as it has it.
            request.open().delivers(request.offset(), pieces, count, total);
            return total == 0
                    ? replies.empty(request.unique())
                    : replies.pieces(request.unique(), pieces, count, total);
        } catch (RuntimeException | Error e) {
            // Without memory, for example: the kernel's position stays, and so must ours.
            request.open().takeBack(request.offset());
            throw e;
        }
    }
}
