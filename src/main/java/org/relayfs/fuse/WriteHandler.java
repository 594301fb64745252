package org.relayfs.fuse;

/// The effect of writing to a file that the program has put into its mount, see [MountFiles#file].
@FunctionalInterface
public interface WriteHandler {
    /// Carries out one `write(2)`. Called in a thread of the mount, and never while another call of the same
    /// file runs.
    ///
    /// @param write what was written, and by whom
    /// @throws RefusedException the write fails with that error, and the reason is in `error_log`
    /// @throws Exception        anything else: the write fails with EIO, and what was thrown is in
    ///                          `error_log`
    void write(FileWrite write) throws Exception;
}
