package org.relayfs.tool.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    /// The names of the relay files, in the order of their CPUs. What has the two counters beside it is one, whatever
    /// its base name.
    ///
    /// @throws IOException they cannot be listed, also because the daemon ends meanwhile
    public List<String> relayFiles() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            Set<String> names = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            return names.stream()
                    .filter(name -> names.contains(name + PRODUCED) && names.contains(name + CONSUMED))
                    .sorted(Comparator.comparingInt(ChannelFolder::cpu).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static int cpu(String relayFile) {
        Matcher number = NUMBERED.matcher(relayFile);
        return number.matches() ? Integer.parseInt(number.group(1)) : Integer.MAX_VALUE;
    }

    /// What its buffers have counted; nothing once it is destroyed.
    public List<BufferStats> stats() throws IOException {
        NamedColumns columns = NamedColumns.of(Files.readString(path.resolve("stats")));
        return java.util.stream.IntStream.range(0, columns.lineCount())
                .mapToObj(line -> stats(columns, line))
                .toList();
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
        try (FileChannel flush = FileChannel.open(path.resolve("flush"), StandardOpenOption.WRITE)) {
            flush.write(ByteBuffer.wrap(new byte[] {'1', '\n'}));
        }
    }
}
