package org.relayfs.tree;

/// Makes what turns a directory into a channel's.
@FunctionalInterface
interface SlotMaker {
    ChannelSlot make(Directory directory, ChannelSettings settings);
}
