package org.relayfs.fuse;

/// The content of a file that the program has put into its mount, see [MountFiles#file].
@FunctionalInterface
public interface ContentSource {
    /// Makes the content. Called when somebody reads the file from its start; later pieces are of the same
    /// content. Called in a thread of the mount, and never while another call of the same file runs.
    ///
    /// @return all of it: at most 1 MiB; nobody may change it later
    /// @throws RefusedException the read fails with that error
    /// @throws Exception        anything else: the read fails with EIO
    byte[] content() throws Exception;
}
