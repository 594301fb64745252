package org.relayfs.tree;

/// Makes what a control file holds at the moment it is asked.
@FunctionalInterface
interface ControlContent {
    byte[] make();
}
