package org.relayfs.tree;

/// Who asks: the ids of the thread that made the system call.
///
/// @param uid user id
/// @param gid group id
/// @param pid thread id as the kernel reports it to a file system; 0 when it is not known
public record Caller(int uid, int gid, int pid) {}
