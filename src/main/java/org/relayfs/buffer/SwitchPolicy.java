package org.relayfs.buffer;

/// A client's decision on each sub-buffer that is about to be used: relay's `subbuf_start`.
@FunctionalInterface
public interface SwitchPolicy {
    /// Called once for each attempt, under the buffer's switch lock, in the writer's thread (or that of flush,
    /// reset or creation). It must be short and must not write to the same buffer: such a record would be refused
    /// as `full`.
    ///
    /// @param start the sub-buffer to decide on; valid only during the call
    /// @return true to use the sub-buffer; false to suspend the buffer and drop the record. Ignored at creation and
    ///     reset
    boolean onSubBufferStart(SubBufferStart start);
}
