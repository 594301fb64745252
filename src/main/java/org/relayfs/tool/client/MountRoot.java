package org.relayfs.tool.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.relayfs.linux.MountTable;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.Suggestion;
import org.relayfs.tool.cli.ToolException;

/// A mounted relayfs as any client sees it: through its files.
public final class MountRoot {
    private static final int MAX_LOGGED_TEXT = 128;

    private final Path path;

    private MountRoot(Path path) {
        this.path = path;
    }

    /// The mount on a directory.
    static MountRoot at(Path directory) throws ToolException, IOException {
        Path absolute = MountDirectory.absolute(directory);
        if (!mountPoints().contains(absolute)) {
            throw new ToolException(
                    ExitCode.USAGE, directory + " is not a relayfs mount; mount one with: relayfs mount DIR");
        }
        return new MountRoot(absolute);
    }

    /// The only mount there is.
    static MountRoot only() throws ToolException, IOException {
        List<Path> mounts = mountPoints();
        if (mounts.isEmpty()) {
            List<String> unnameable = MountTable.unnameable();
            throw new ToolException(
                    ExitCode.USAGE,
                    unnameable.isEmpty()
                            ? "no relayfs is mounted; mount one with: relayfs mount DIR"
                            : unnameable.getFirst() + ": this locale cannot represent these bytes; set LC_ALL=C.UTF-8");
        }
        if (mounts.size() > 1) {
            throw new ToolException(
                    ExitCode.USAGE,
                    mounts.size() + " relayfs are mounted; name one of them: "
                            + String.join(
                                    ", ", mounts.stream().map(Path::toString).toList()));
        }
        return new MountRoot(mounts.getFirst());
    }

    /// The mount that a path lies in, or is.
    static Optional<MountRoot> around(Path absolute) throws IOException {
        return innermost(mountPoints(), absolute).map(MountRoot::new);
    }

    static Optional<Path> innermost(List<Path> mountPoints, Path absolute) {
        return mountPoints.stream()
                .filter(absolute::startsWith)
                .max((a, b) -> Integer.compare(a.getNameCount(), b.getNameCount()));
    }

    public static List<Path> mountPoints() throws IOException {
        Set<Path> mountPoints = new LinkedHashSet<>();
        for (MountTable.Mount mount : MountTable.all()) {
            if (mount.isRelayfs()) {
                mountPoints.add(mount.mountPoint());
            }
        }
        return List.copyOf(mountPoints);
    }

    public Path path() {
        return path;
    }

    String version() throws IOException {
        return Files.readString(path.resolve("version"));
    }

    String channelTable() throws IOException {
        return Files.readString(path.resolve("channels"));
    }

    public List<ChannelRow> channels() throws IOException {
        return ChannelRow.parse(channelTable());
    }

    /// A channel that exists, be it created or not.
    public ChannelFolder channel(String name) throws IOException, ToolException {
        List<ChannelRow> channels = channels();
        List<String> names = channels.stream().map(ChannelRow::name).toList();
        int index = names.indexOf(name);
        if (index < 0) {
            throw new ToolException(
                    ExitCode.USAGE, "there is no channel " + name + " on " + path + Suggestion.of(name, names));
        }
        return new ChannelFolder(path.resolve(name), channels.get(index));
    }

    /// Executes one line of `control`.
    void command(List<String> words) throws IOException, ToolException {
        String line = String.join(" ", words);
        ByteBuffer text = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try (FileChannel control = FileChannel.open(path.resolve("control"), StandardOpenOption.WRITE)) {
            control.write(text);
        } catch (AccessDeniedException | NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new ToolException(ExitCode.USAGE, line + ": " + e.getMessage() + reason(line));
        }
    }

    /// Why the last such line was refused, from the log that the mount keeps.
    private String reason(String line) {
        try {
            return reason(line, Files.readAllLines(path.resolve("error_log")));
        } catch (IOException e) {
            return "";
        }
    }

    static String reason(String line, List<String> log) {
        String quoted = "\"" + line.substring(0, Math.min(MAX_LOGGED_TEXT, line.length()));
        List<String> matching = new ArrayList<>(log);
        matching.removeIf(entry -> !entry.contains(quoted));
        String last = matching.isEmpty() ? "" : matching.getLast();
        int end = last.indexOf("\" ", last.indexOf(quoted) + quoted.length());
        return end < 0 ? "" : ": " + last.substring(end + 2);
    }
}
