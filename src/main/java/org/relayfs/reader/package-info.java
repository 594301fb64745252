/// Reading a channel through its shared memory, in this process or another, without the mount.
package org.relayfs.reader;
