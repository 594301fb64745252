package org.relayfs.tool.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A path on the command line. Paths are bytes; bytes that the locale cannot represent cannot be named in Java.
public final class PathArgument implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(complaint(e));
        }
    }

    static String complaint(InvalidPathException e) {
        return e.getInput() + ": this locale cannot represent these bytes; set LC_ALL=C.UTF-8";
    }

    /// Reports a word that turned out not to be a path.
    ///
    /// @param e what Java says of it
    /// @return what the user is told
    public static ToolException refusal(InvalidPathException e) {
        return new ToolException(ExitCode.USAGE, complaint(e));
    }
}
