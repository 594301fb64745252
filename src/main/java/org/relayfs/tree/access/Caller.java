package org.relayfs.tree.access;

/// The ids of the thread that made the system call.
///
/// @param uid             user id
/// @param gid             group id
/// @param pid             thread id as the kernel reports it to a file system; 0 when it is not known
/// @param checkedByKernel true on a mount with `default_permissions`: the kernel has checked what the caller may do
public record Caller(int uid, int gid, int pid, boolean checkedByKernel) {
    /// A caller that nobody has checked yet.
    ///
    /// @param uid user id
    /// @param gid group id
    /// @param pid thread id as the kernel reports it to a file system; 0 when it is not known
    public Caller(int uid, int gid, int pid) {
        this(uid, gid, pid, false);
    }
}
