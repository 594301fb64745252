/// Mapped files, the current CPU, the identity of processes and every native call of the core.
package org.relayfs.memory;
