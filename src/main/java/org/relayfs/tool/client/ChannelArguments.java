package org.relayfs.tool.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.relayfs.buffer.ChannelName;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// The mount and channel that `[DIR] [NAME]` on a command line stand for. A single argument is a mount point, a
/// channel's path, or the name of a channel on the only mount.
///
/// @param mount where
/// @param name  of a channel, or null
public record ChannelArguments(MountRoot mount, String name) {
    public static ChannelArguments of(List<String> words) throws IOException, ToolException {
        return switch (words.size()) {
            case 0 -> new ChannelArguments(MountRoot.only(), null);
            case 1 -> of(words.getFirst());
            case 2 -> new ChannelArguments(MountRoot.at(Path.of(words.getFirst())), checked(words.getLast()));
            default -> throw new ToolException(ExitCode.USAGE, "too many arguments: " + String.join(" ", words));
        };
    }

    private static ChannelArguments of(String word) throws IOException, ToolException {
        Optional<Path> path = absolute(word);
        Optional<MountRoot> mount = path.isEmpty() ? Optional.empty() : MountRoot.around(path.get());
        boolean isPath = word.startsWith("/") || word.startsWith(".");
        if (mount.isPresent() && mount.get().path().equals(path.get())) {
            return new ChannelArguments(mount.get(), null);
        }
        if (!isPath) {
            return new ChannelArguments(MountRoot.only(), checked(word));
        }
        if (mount.isEmpty()) {
            throw new ToolException(
                    ExitCode.USAGE, word + " is not on a relayfs mount; mount one with: relayfs mount DIR");
        }
        return new ChannelArguments(
                mount.get(), checked(mount.get().path().relativize(path.get()).toString()));
    }

    private static Optional<Path> absolute(String word) {
        try {
            return Optional.of(MountDirectory.absolute(Path.of(word)));
        } catch (ToolException e) {
            return Optional.empty();
        }
    }

    /// Refuses a name that could be more than a name in a line of `control`.
    private static String checked(String name) throws ToolException {
        try {
            return ChannelName.of(name).toString();
        } catch (IllegalArgumentException e) {
            throw new ToolException(ExitCode.USAGE, "channel " + e.getMessage());
        }
    }

    String requireName() throws ToolException {
        if (name == null) {
            throw new ToolException(
                    ExitCode.USAGE, "which channel of " + mount.path() + "? relayfs list shows the channels");
        }
        return name;
    }

    public ChannelFolder channel() throws IOException, ToolException {
        return mount.channel(requireName());
    }
}
