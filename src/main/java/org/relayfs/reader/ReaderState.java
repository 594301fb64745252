package org.relayfs.reader;

/// Whether more can come for a reader.
public enum ReaderState {
    /// There is something to read, or something may come.
    OPEN,
    /// The channel was closed or resized, and everything was read. After a resize, what comes later is for another
    /// reader of its memory.
    CLOSED,
    /// The process that owns the channel has died, and everything was read that is there now. Other processes that have
    /// attached may still write. If another process takes the memory over (`relayfs mount --adopt`), it is `OPEN`
    /// again.
    OWNER_GONE
}
