package org.relayfs.tool;

/// What the user is told in one line, and the exit code that goes with it.
final class ToolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    ToolException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
