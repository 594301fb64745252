/// The kernel's FUSE protocol: requests, replies and attributes as they lie in memory, and the device they pass
/// through. Not exported.
package org.relayfs.fuse.wire;
