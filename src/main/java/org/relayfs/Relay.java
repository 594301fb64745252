package org.relayfs;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The owner of channels: one folder of shared memory. SKELETON: signatures are settled, bodies follow.
public final class Relay implements AutoCloseable {
    /// Makes a new, empty relay in /dev/shm/relayfs-uid/.
    public static Relay create() throws IOException { throw new UnsupportedOperationException(); }
    /// with a quota in bytes over all channels
    public static Relay create(long quotaBytes) throws IOException { throw new UnsupportedOperationException(); }
    /// Opens a channel whose directory is `name` (components joined by '/', each [A-Za-z0-9_][A-Za-z0-9._-]{0,63}).
    /// @throws IllegalArgumentException bad name or geometry; message names value, limit, remedy
    /// @throws IllegalStateException a channel of that name exists, or the relay is closed
    /// @throws QuotaException past the quota or the memory: QuotaException.outOfSpace() true = tmpfs full (ENOSPC) else quota (EDQUOT)
    public RelayChannel open(String name, ChannelConfig config) throws IOException { throw new UnsupportedOperationException(); }
    public Optional<RelayChannel> channel(String name) { throw new UnsupportedOperationException(); }
    public List<RelayChannel> channels() { throw new UnsupportedOperationException(); }
    /// The listener is told of all channels that exist, then of every change.
    public void addListener(ChannelListener listener) { throw new UnsupportedOperationException(); }
    public void removeListener(ChannelListener listener) { throw new UnsupportedOperationException(); }
    /// the version shown in `version`
    public static String version() { throw new UnsupportedOperationException(); }
    public static int layoutVersion() { throw new UnsupportedOperationException(); }
    @Override public void close() { throw new UnsupportedOperationException(); }
}
