package org.relayfs.tool.cli;

/// What the user is told in one line, and the exit code that goes with it.
public final class ToolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public ToolException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
