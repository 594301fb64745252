/// Mounting: shows the channels of a [org.relayfs.Relay] as a FUSE file system.
///
/// A JVM must not map, or read without a timeout, a file of a mount that it serves itself.
package org.relayfs.fuse;
