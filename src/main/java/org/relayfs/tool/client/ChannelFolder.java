package org.relayfs.tool.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.relayfs.buffer.BufferStats;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// A channel's directory, and what `channels` said about it.
///
/// @param path of the directory
/// @param row  of the channel
public record ChannelFolder(Path path, ChannelRow row) {
    public static final String PRODUCED = ".produced";
    public static final String CONSUMED = ".consumed";

    private static final Pattern NUMBERED = Pattern.compile(".*?(\\d{1,9})");

    public String name() {
        return row.name();
    }

    public ChannelFolder requireCreated() throws ToolException {
        if (!row.isCreated()) {
            throw new ToolException(
                    ExitCode.USAGE, "channel " + name() + " is not created; relayfs create " + name() + " does it");
        }
        return this;
    }

    /// The relay files, in the order of their CPUs, wherever they are. Without the file `buffers`, which an older
    /// daemon does not have, those in the channel's directory: what has the two counters beside it is one.
    ///
    /// @throws IOException they cannot be listed, also because the daemon ends meanwhile
    public List<Path> relayFiles() throws IOException {
        Path buffers = root().resolve("buffers");
        List<Path> files = Files.exists(buffers)
                ? BufferPlaces.of(Files.readString(buffers), name()).stream()
                        .map(root()::resolve)
                        .toList()
                : filesWithCounters();
        return files.stream()
                .sorted(Comparator.comparingInt(ChannelFolder::cpu).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private List<Path> filesWithCounters() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            Set<Path> all = files.collect(Collectors.toSet());
            return all.stream()
                    .filter(file -> all.contains(beside(file, PRODUCED)) && all.contains(beside(file, CONSUMED)))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// {@return a file beside a relay file}
    ///
    /// @param relayFile the relay file
    /// @param suffix    of the name
    public static Path beside(Path relayFile, String suffix) {
        return relayFile.resolveSibling(relayFile.getFileName() + suffix);
    }

    /// {@return the root of the mount}
    public Path root() {
        Path root = path;
        for (int i = 0; i < Path.of(name()).getNameCount(); i++) {
            root = root.getParent();
        }
        return root;
    }

    /// {@return the number at the end of a relay file's name, which is that of its CPU, unless a program has named it}
    ///
    /// @param relayFile the relay file
    public static int cpu(Path relayFile) {
        Matcher number = NUMBERED.matcher(relayFile.getFileName().toString());
        return number.matches() ? Integer.parseInt(number.group(1)) : Integer.MAX_VALUE;
    }

    /// {@return true when its records are events, and it has a file that describes them: a plain directory has none}
    public boolean hasEvents() {
        return row.hasEvents() && Files.exists(path.resolve("metadata"));
    }

    /// What its buffers have counted; nothing once it is destroyed.
    public List<BufferStats> stats() throws IOException {
        try {
            NamedColumns columns = NamedColumns.of(Files.readString(path.resolve("stats")));
            return IntStream.range(0, columns.lineCount())
                    .mapToObj(line -> stats(columns, line))
                    .toList();
        } catch (NoSuchFileException e) {
            return statsOfRoot(e);
        }
    }

    /// Those of a plain directory, which has no file for them.
    private List<BufferStats> statsOfRoot(NoSuchFileException missing) throws IOException {
        NamedColumns columns = NamedColumns.of(Files.readString(root().resolve("stats")));
        List<BufferStats> stats = IntStream.range(0, columns.lineCount())
                .filter(line -> columns.text(line, "channel").equals(name()))
                .mapToObj(line -> stats(columns, line))
                .toList();
        if (stats.isEmpty()) {
            throw missing;
        }
        return stats;
    }

    private static BufferStats stats(NamedColumns columns, int line) {
        return new BufferStats(
                (int) columns.number(line, "cpu"),
                columns.number(line, "produced"),
                columns.number(line, "consumed"),
                columns.number(line, "ready"),
                columns.number(line, "bytes_written"),
                columns.number(line, "bytes_read"),
                columns.number(line, "records"),
                columns.number(line, "full"),
                columns.number(line, "big"),
                columns.number(line, "straggler"),
                columns.number(line, "lost_bytes"),
                columns.number(line, "overwritten"),
                columns.number(line, "skipped"),
                columns.number(line, "abandoned"),
                0,
                columns.number(line, "damaged") != 0);
    }

    /// Closes the sub-buffers that are being written, so that all of them can be read.
    public void flush() throws IOException {
        try {
            write(path.resolve("flush"), "1");
        } catch (NoSuchFileException e) {
            write(root().resolve("control"), "flush " + name()); // a plain directory
        }
    }

    private static void write(Path file, String line) throws IOException {
        try (FileChannel control = FileChannel.open(file, StandardOpenOption.WRITE)) {
            control.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
        }
    }
}
