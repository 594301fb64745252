package org.relayfs.tool.recovery;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.ring.DeadBuffer;
import org.relayfs.ring.DeadChannel;
import org.relayfs.ring.RecoveredBuffer;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// Writes what dead owners have left to files.
final class Recovery {
    private final Path output;
    private final boolean all;
    private final BooleanSupplier stop;

    /// @param output folder for the files; created if it does not exist
    /// @param all    true: what was read before, too
    /// @param stop   true when it is to end early
    Recovery(Path output, boolean all, BooleanSupplier stop) {
        this.output = output;
        this.all = all;
        this.stop = stop;
    }

    /// Makes sure that no file of an earlier recovery is there.
    ///
    /// @param replace true: those are removed
    void prepare(List<LeftMemory> left, boolean replace) throws IOException, ToolException {
        List<Path> earlier = new ArrayList<>();
        for (LeftMemory memory : left) {
            for (Path channel : memory.channels()) {
                addFiles(memory.folderIn(output, channel), earlier);
            }
        }
        if (!earlier.isEmpty() && !replace) {
            throw new ToolException(
                    ExitCode.USAGE,
                    earlier.getFirst() + " exists already; choose another folder, or replace it with --force");
        }
        for (Path file : earlier) {
            Files.delete(file);
        }
    }

    private static void addFiles(Path folder, List<Path> files) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "{cpu*,.cpu*,metadata}")) {
            found.forEach(files::add);
        } catch (NoSuchFileException e) {
            // None.
        } catch (NotDirectoryException e) {
            files.add(folder);
        }
    }

    /// Recovers one channel, one generation after the other. What is wrong with its memory is told in the result.
    ///
    /// @throws IOException the files cannot be written
    RecoveredChannel recover(LeftMemory memory, Path folder) throws IOException {
        Path target = Files.createDirectories(memory.folderIn(output, folder));
        RecoveredChannel channel = new RecoveredChannel(folder, target);
        try (RecoveredFiles files = new RecoveredFiles(target)) {
            for (Path generation : OwnerFolder.generations(folder)) {
                recover(memory.owner(), generation, channel, files);
            }
        }
        if (channel.hasEvents()) {
            RecoveredTrace.make(channel);
        }
        return channel;
    }

    private void recover(Path owner, Path folder, RecoveredChannel channel, RecoveredFiles files) throws IOException {
        try (DeadChannel generation = open(owner, folder)) {
            channel.add(generation);
            for (int slot : generation.slots()) {
                // What is behind a record that is not finished yet would be a hole in the stream, or a later record.
                if (!stop.getAsBoolean() && !channel.isCut(slot)) {
                    channel.add(folder, recover(generation, slot, files));
                }
            }
        } catch (UnreadableException e) {
            channel.fail(e.getMessage());
        }
    }

    private RecoveredBuffer recover(DeadChannel generation, int slot, RecoveredFiles files) throws IOException {
        RecoveredFile file = files.of(slot);
        try (DeadBuffer buffer = open(generation, slot)) {
            return buffer.copyTo(file, all, stop);
        } catch (UnreadableException e) {
            return RecoveredBuffer.unreadable(slot, e.getMessage());
        }
    }

    private static DeadChannel open(Path owner, Path folder) throws UnreadableException {
        try {
            return DeadChannel.open(owner, folder);
        } catch (IOException e) {
            throw new UnreadableException(e);
        }
    }

    private static DeadBuffer open(DeadChannel generation, int slot) throws UnreadableException {
        try {
            return generation.buffer(slot);
        } catch (IOException e) {
            throw new UnreadableException(e);
        }
    }

    /// The memory cannot be read, as opposed to the files that cannot be written.
    private static final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
