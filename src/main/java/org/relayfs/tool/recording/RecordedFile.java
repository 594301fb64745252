package org.relayfs.tool.recording;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.relayfs.linux.CurrentUser;

/// What the bytes of one buffer are recorded to.
interface RecordedFile extends Closeable {
    /// Says how much can be written next, so that no more is taken from a buffer than the disk holds.
    ///
    /// @param wanted bytes, more than 0
    /// @return how many of them fit the present file, or a new one if that is full, and the disk
    /// @throws IOException the disk is full
    long room(long wanted) throws IOException;

    /// Writes what comes next from the buffer: all of the piece.
    void write(ByteBuffer piece) throws IOException;

    /// Bytes of the buffer that are in the files; any thread.
    long written();

    /// Bytes that were taken from the buffer and could not be written; any thread.
    long unwritten();

    /// The file that is being written.
    Path path();

    /// {@return the bytes that the disk of a file has for this user}
    static long freeFor(Path file) {
        // Root may use what is reserved.
        File folder = file.toFile().getParentFile();
        return CurrentUser.isRoot() ? folder.getFreeSpace() : folder.getUsableSpace();
    }

    /// {@return the error that a disk is full}
    static IOException full(Path file) {
        return new IOException(file + ": No space left on device");
    }
}
