package org.relayfs.tool.cli;

/// A one-line message for the user, with its exit code.
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
