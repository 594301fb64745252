package org.relayfs.tree;

import java.util.Map;

/// Makes the files of some buffers of a channel, by name.
@FunctionalInterface
interface BufferFiles {
    Map<String, Node> make(Directory directory, ChannelLife life);
}
