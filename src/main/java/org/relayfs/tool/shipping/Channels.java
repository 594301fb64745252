package org.relayfs.tool.shipping;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.ChannelRow;
import org.relayfs.tool.client.MountRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The channels of a mount that are shipped, those included that come later. One that fails is left, with a line in
/// the log, and tried again; the others go on.
final class Channels implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    private final MountRoot mount;
    private final Set<String> wanted;
    private final String host;
    private final long mostOfSubBuffer;
    private final Map<String, ShippedChannel> channels = new LinkedHashMap<>();
    private final Map<String, String> said = new HashMap<>();

    /// @param wanted          names; none: all
    /// @param host            what keys begin with
    /// @param mostOfSubBuffer bytes that a record may have
    Channels(MountRoot mount, Collection<String> wanted, String host, long mostOfSubBuffer) {
        this.mount = mount;
        this.wanted = new HashSet<>(wanted);
        this.host = host;
        this.mostOfSubBuffer = mostOfSubBuffer;
    }

    /// What is done with each of them.
    interface Work {
        void on(ShippedChannel channel) throws IOException;
    }

    /// Does it with all; leaves those with which it fails.
    void each(Work work) throws IOException {
        for (ShippedChannel channel : List.copyOf(channels.values())) {
            try {
                work.on(channel);
            } catch (IOException | IllegalStateException e) {
                say(channel.name(), "left for now: " + e.getMessage());
                leave(channel);
            }
        }
    }

    /// Looks for channels that have come or gone.
    ///
    /// @return true when there are others than before
    /// @throws IOException the mount is gone
    boolean look() throws IOException {
        Set<ShippedChannel> before = new HashSet<>(channels.values());
        each(channel -> {
            if (!channel.look()) {
                leave(channel);
            }
        });
        for (ChannelRow row : mount.channels()) {
            if ((wanted.isEmpty() || wanted.contains(row.name()))
                    && !row.state().equals("not-created")
                    && !channels.containsKey(row.name())) {
                open(row);
            }
        }
        return !before.equals(new HashSet<>(channels.values()));
    }

    private void open(ChannelRow row) {
        String refusal = refusal(row);
        if (refusal != null) {
            say(row.name(), "not shipped: " + refusal);
            return;
        }
        try {
            channels.put(
                    row.name(),
                    new ShippedChannel(new ChannelFolder(mount.path().resolve(row.name()), row), host));
            say(row.name(), "is shipped");
        } catch (IOException | IllegalStateException e) {
            say(row.name(), "not shipped: " + e.getMessage());
        }
    }

    private String refusal(ChannelRow row) {
        if (row.isOverwrite()) {
            return "mode=overwrite, limit=mode=no-overwrite: its writers do not wait for a reader; see relayfs snapshot";
        }
        if (row.subBufferSize() > mostOfSubBuffer) {
            return "subbuf_size=" + row.subBufferSize() + ", limit=" + mostOfSubBuffer
                    + ": raise max.request.size with -P, the topic's max.message.bytes and --memory,"
                    + " or create it with smaller sub-buffers";
        }
        return null;
    }

    // Once, until there is something else to say.
    private void say(String channel, String what) {
        if (!what.equals(said.put(channel, what))) {
            LOG.info("channel {}: {}", channel, what);
        }
    }

    private void leave(ShippedChannel channel) throws IOException {
        channels.remove(channel.name());
        channel.close();
    }

    List<ShippedChannel> all() {
        return new ArrayList<>(channels.values());
    }

    @Override
    public void close() throws IOException {
        for (ShippedChannel channel : all()) {
            leave(channel);
        }
    }
}
