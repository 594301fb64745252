/// The data plane: every request on a relay file, answered straight from its ring. Not exported.
package org.relayfs.fuse.data;
