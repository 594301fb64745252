package org.relayfs.tool.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relayfs.event.ctf.PacketStream;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// The folder that a recording goes to.
final class RecordedFiles {
    private static final Pattern NUMBER = Pattern.compile("\\d+$");

    private final Path folder;
    private final long maxSize;
    private final int maxCount;
    private final boolean replace;

    /// @param folder   created if it does not exist
    /// @param maxSize  of a file
    /// @param maxCount of files for each buffer
    /// @param replace  true: the files of an earlier recording are removed
    RecordedFiles(Path folder, long maxSize, int maxCount, boolean replace) {
        this.folder = folder;
        this.maxSize = maxSize;
        this.maxCount = maxCount;
        this.replace = replace;
    }

    /// Creates the folder, and makes sure that it contains no files of an earlier recording, even for CPUs that
    /// come online later.
    ///
    /// @param names of the relay files, and of what else is written beside them
    void prepare(List<String> names) throws IOException, ToolException {
        Files.createDirectories(folder);
        List<Path> earlier = earlier(names);
        if (!earlier.isEmpty() && !replace) {
            throw new ToolException(
                    ExitCode.USAGE,
                    earlier.getFirst() + " exists already; choose another folder, or replace it with --force");
        }
        for (Path path : earlier) {
            Files.delete(path);
        }
    }

    private List<Path> earlier(List<String> names) throws IOException {
        String bases = names.stream()
                .map(name -> Pattern.quote(NUMBER.matcher(name).replaceFirst("")))
                .distinct()
                .collect(Collectors.joining("|"));
        Pattern ours = Pattern.compile("(" + bases + ")\\d*(\\.\\d+)?");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> ours.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /// Begins the file of one buffer.
    RecordedFile open(String name) throws IOException {
        return new RotatingFile(folder.resolve(name), maxSize, maxCount);
    }

    /// Begins the file of one buffer of events.
    ///
    /// @param mostOfPacket bytes of the largest packet
    /// @param cpu          of the buffer, unless its events say otherwise
    /// @param types        describes the types of its events
    /// @param losses       how many events each buffer has lost
    RecordedFile openTrace(String name, long mostOfPacket, int cpu, PacketStream.Types types, BufferLosses losses)
            throws IOException {
        return new RotatingTrace(folder.resolve(name), maxSize, maxCount, mostOfPacket, cpu, types, losses::of);
    }

    /// {@return where the files are}
    Path folder() {
        return folder;
    }
}
