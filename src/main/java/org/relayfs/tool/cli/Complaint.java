package org.relayfs.tool.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// The message for a file that cannot be used.
public final class Complaint {
    private Complaint() {}

    public static ToolException of(IOException e) {
        return switch (e) {
            case AccessDeniedException denied ->
                new ToolException(ExitCode.USAGE, denied.getFile() + ": Permission denied");
            case NoSuchFileException missing ->
                new ToolException(ExitCode.USAGE, missing.getFile() + ": No such file or directory");
            case FileAlreadyExistsException there ->
                new ToolException(ExitCode.USAGE, there.getFile() + ": File exists");
            case FileSystemException other ->
                new ToolException(ExitCode.SYSTEM, other.getFile() + ": " + other.getReason());
            default -> new ToolException(ExitCode.SYSTEM, String.valueOf(e.getMessage()));
        };
    }
}
