/// `relayfs mount` and `relayfs umount`: the process that serves a mount, its start and its end. Not exported.
package org.relayfs.tool.daemon;
