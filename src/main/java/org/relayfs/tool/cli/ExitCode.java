package org.relayfs.tool.cli;

/// The exit codes of the command, those of mount(8) and a few more.
public final class ExitCode {
    public static final int OK = 0;
    /// Wrong call, or not permitted.
    public static final int USAGE = 1;
    /// The system does not play along: no memory, no program of a name.
    public static final int SYSTEM = 2;
    /// `record`: something was lost.
    public static final int LOST = 3;
    /// `doctor`: something was left behind by a process that is gone.
    public static final int LEFTOVERS = 4;
    /// The mount, or its end, failed.
    public static final int MOUNT = 32;
    /// Nobody reads the output any more: what a shell shows for cat then, 128 and SIGPIPE.
    public static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
