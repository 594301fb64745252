package org.relayfs.tool.recording;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The files of one buffer: `cpu0` becomes `cpu0.1`, the next one `cpu0.2`. The stream is `cpu0.1`, `cpu0.2` and so on,
/// with `cpu0` last.
final class Rotation {
    private final Path path;
    private final int maxCount;
    private int rotations;

    /// @param maxCount files that are kept
    Rotation(Path path, int maxCount) {
        this.path = path.toAbsolutePath();
        this.maxCount = maxCount;
    }

    /// {@return the file that is being written}
    Path path() {
        return path;
    }

    /// Begins the first file.
    FileChannel first() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /// Begins the next file; the last one is closed.
    FileChannel next() throws IOException {
        rotations++;
        Files.move(path, numbered(rotations), StandardCopyOption.ATOMIC_MOVE);
        if (rotations >= maxCount) {
            Files.deleteIfExists(numbered(rotations - maxCount + 1));
        }
        return first();
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}
