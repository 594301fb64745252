package org.relayfs.tool;

/// The exit codes of the command, those of mount(8).
final class ExitCode {
    static final int OK = 0;
    /// Wrong call, or not permitted.
    static final int USAGE = 1;
    /// The system does not play along: no memory, no program of a name.
    static final int SYSTEM = 2;
    /// The mount, or its end, failed.
    static final int MOUNT = 32;

    private ExitCode() {}
}
