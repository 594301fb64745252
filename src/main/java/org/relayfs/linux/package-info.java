/// What Linux tells and does: system calls, error numbers, CPUs, the identity of processes, the table of mounts. Knows
/// nothing of rings or files of ours. Not exported.
package org.relayfs.linux;
