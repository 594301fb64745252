package org.relayfs.fuse.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.MemoryCalls;

/// The resources that every thread talking to the device has for itself.
///
/// @param replies  writes to the device
/// @param reads    answers reads
/// @param overflow scratch memory for the largest reply
public record ThreadTools(ReplyWriter replies, ReadReply reads, MemorySegment overflow) {
    /// @param arena  of the thread
    /// @param device descriptor of /dev/fuse
    /// @return new tools
    public static ThreadTools of(Arena arena, int device) {
        MemorySegment overflow =
                MemoryCalls.allocateLazily(Handshake.MAX_TRANSFER + FuseProtocol.REQUEST_OVERHEAD, arena);
        ReplyWriter replies = new ReplyWriter(arena, device, overflow);
        return new ThreadTools(replies, new ReadReply(replies), overflow);
    }
}
