package org.relayfs.tool.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// The mount and channel that `[DIR] [NAME]` on a command line stand for. A single argument is a mount point, a
/// channel's path, or the name of a channel on the only mount.
///
/// @param mount where
/// @param name  of a channel, or null
public record ChannelArguments(MountRoot mount, String name) {
    private static final String COMPONENT = "[A-Za-z0-9_][A-Za-z0-9._-]*";
    private static final Pattern NAME = Pattern.compile(COMPONENT + "(/" + COMPONENT + ")*");

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

    /// A name that could be taken for more than a name in a line of `control` goes no further.
    private static String checked(String name) throws ToolException {
        if (!NAME.matcher(name).matches()) {
            throw new ToolException(
                    ExitCode.USAGE,
                    "channel name: name=" + name + ", limit=components [A-Za-z0-9_][A-Za-z0-9._-]{0,63} joined by /");
        }
        return name;
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
