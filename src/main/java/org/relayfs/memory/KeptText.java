package org.relayfs.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.relayfs.linux.Errno;
import org.relayfs.linux.SystemCallException;

/// A short text in a folder of shared memory, for whoever comes after the process that has written it. It is
/// there as a
/// whole or not at all, however that process ends.
public final class KeptText {
    /// More is not read.
    private static final int MAX_LENGTH = 1 << 16;

    private static final long PAGE = 4096;

    private KeptText() {}

    /// Puts a text in the place of the one that is there. One thread at a time for each file.
    ///
    /// @param file where
    /// @param text to keep
    /// @throws IOException it cannot be written; the old text is still there
    public static void write(Path file, String text) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            if (file.toFile().getParentFile().getUsableSpace() < PAGE) {
                throw new MappedFile.OutOfMemoryException(
                        file + ": no room; destroy a channel, make a smaller one or enlarge the tmpfs");
            }
            throw e;
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Reads a text, which need not be trusted.
    ///
    /// @param file where
    /// @return the text; empty when there is none
    /// @throws IOException it is no regular file, too long, or not ours to read
    public static Optional<String> read(Path file) throws IOException {
        try (ReadOnlyFile open = ReadOnlyFile.open(file)) {
            long length = open.size();
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, MAX_LENGTH));
            if (length > MAX_LENGTH || !open.read(bytes, 0)) {
                throw new IOException(file + ": length=" + length + ", limit=" + MAX_LENGTH);
            }
            return Optional.of(StandardCharsets.UTF_8.decode(bytes.flip()).toString());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (SystemCallException e) {
            if (e.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
