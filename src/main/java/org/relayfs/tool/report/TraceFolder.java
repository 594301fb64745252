package org.relayfs.tool.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.relayfs.event.ctf.CtfException;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// A folder with a trace: the file `metadata`, and the streams beside it.
///
/// @param path of the folder
record TraceFolder(Path path) {
    private static final String METADATA = "metadata";
    private static final int MAX_METADATA = 1 << 26;
    private static final int DEPTH = 4;

    /// Rotated files have a number behind their name, which grows; the file that was written last has none.
    private static final Pattern NAME = Pattern.compile("(.*?(\\d{0,7}))(?:\\.(\\d{1,15}))?");

    /// All traces that are in a folder or below it.
    static List<TraceFolder> below(Path folder) throws IOException, ToolException {
        try (Stream<Path> paths = Files.walk(folder, DEPTH)) {
            List<TraceFolder> found = paths.filter(path -> path.endsWith(METADATA) && Files.isRegularFile(path))
                    .map(path -> new TraceFolder(path.getParent()))
                    .sorted((a, b) -> a.path.compareTo(b.path))
                    .toList();
            if (found.isEmpty()) {
                throw new ToolException(
                        ExitCode.USAGE, folder + " has no file metadata: it holds no events that can be read");
            }
            return found;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    CtfMetadata metadata() throws IOException, ToolException {
        return metadata(path.resolve(METADATA));
    }

    /// Reads such a file.
    static CtfMetadata metadata(Path file) throws IOException, ToolException {
        byte[] bytes;
        try (InputStream input = Files.newInputStream(file)) {
            bytes = input.readNBytes(MAX_METADATA);
        }
        try {
            return CtfMetadata.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (CtfException e) {
            throw new ToolException(ExitCode.SYSTEM, file + ": " + e.getMessage());
        }
    }

    /// {@return the files of each stream, in their order, by the number in their names, 0 if there is none}
    List<Map.Entry<Integer, List<Path>>> streams() throws IOException {
        Map<String, TreeMap<Long, Path>> byName = new TreeMap<>();
        Map<String, Integer> cpus = new TreeMap<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                Matcher parts = NAME.matcher(name);
                if (!name.equals(METADATA) && !name.startsWith(".") && parts.matches()) {
                    long order = parts.group(3) == null ? Long.MAX_VALUE : Long.parseLong(parts.group(3));
                    byName.computeIfAbsent(parts.group(1), any -> new TreeMap<>())
                            .put(order, file);
                    cpus.put(parts.group(1), parts.group(2).isEmpty() ? 0 : Integer.parseInt(parts.group(2)));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        List<Map.Entry<Integer, List<Path>>> streams = new ArrayList<>();
        byName.forEach((name, files) -> streams.add(Map.entry(cpus.get(name), List.copyOf(files.values()))));
        return streams;
    }
}
