package org.relayfs.tree;

/// Makes what turns a directory into a channel's.
@FunctionalInterface
interface SlotMaker {
    ChannelSlot make(DirectoryNode directory, ChannelSettings settings);
}
