/// The interface to Linux: system calls, error numbers, CPUs, the identity of processes, the table of mounts. It
/// knows nothing about rings or relay files. Not exported.
package org.relayfs.linux;
