/// The control plane: names, directories and control files, as libfuse asks for them. Not exported.
package org.relayfs.fuse.control;
