package org.relayfs.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The folder of a channel's shared memory, as other processes find it.
public final class MemoryPath {
    /// The file in a channel's directory on a mount that names it.
    private static final String FILE = "memory";

    private static final String META = "meta";

    private MemoryPath() {}

    /// Finds the folder.
    ///
    /// @param channel the folder itself, the channel's directory on a mount, or the file `memory` there
    /// @return the folder
    /// @throws IOException it is none of these, the channel is not created, or the file may not be read
    public static Path of(Path channel) throws IOException {
        Path file = Files.isDirectory(channel) ? channel.resolve(FILE) : channel;
        if (!Files.exists(file) && isMemory(channel)) {
            return channel;
        }
        String folder;
        try {
            folder = Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            NoSuchFileException failure = new NoSuchFileException(
                    channel.toString(), null, "neither a channel's directory on a mount nor its shared memory");
            failure.initCause(e);
            throw failure;
        }
        if (folder.isEmpty()) {
            throw new NoSuchFileException(channel.toString(), null, "the channel is not created");
        }
        Path named = Path.of(folder);
        if (!named.isAbsolute()) {
            throw new IOException(channel + ": it names no folder: " + folder);
        }
        return named;
    }

    // The first generation of a channel that was resized is removed when it was read.
    private static boolean isMemory(Path folder) throws IOException {
        if (Files.exists(folder.resolve(META))) {
            return true;
        }
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.anyMatch(child -> Files.exists(child.resolve(META)));
        }
    }
}
