package org.relayfs.tree;

import java.util.Map;

/// The maker of the files of a channel's buffers, by name.
@FunctionalInterface
interface BufferFiles {
    Map<String, Node> make(Directory directory, ChannelLife life);
}
