package org.relayfs.tree;

/// The maker of what turns a directory into a channel's.
@FunctionalInterface
interface SlotMaker {
    ChannelSlot make(Directory directory, ChannelSettings settings);
}
