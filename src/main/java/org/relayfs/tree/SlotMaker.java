package org.relayfs.tree;

import org.relayfs.tree.text.ChannelSettings;

/// The maker of what turns a directory into a channel's.
@FunctionalInterface
interface SlotMaker {
    ChannelSlot make(Directory directory, ChannelSettings settings);
}
