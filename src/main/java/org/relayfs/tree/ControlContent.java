package org.relayfs.tree;

/// The content of a control file, generated when it is asked for.
@FunctionalInterface
interface ControlContent {
    byte[] make();
}
