package org.relayfs.tool.cli;

/// The exit codes of the command, those of mount(8) and a few more.
public final class ExitCode {
    public static final int OK = 0;
    /// Incorrect usage, or not permitted.
    public static final int USAGE = 1;
    /// System error: no memory, a program is missing.
    public static final int SYSTEM = 2;
    /// `record`: records were lost; `recover`: something is damaged or missing.
    public static final int LOST = 3;
    /// `doctor`: a dead process has left something behind.
    public static final int LEFTOVERS = 4;
    /// The mount, or its end, failed.
    public static final int MOUNT = 32;
    /// The reader of the output is gone: 128 plus SIGPIPE, which a shell shows for cat in that case.
    public static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
