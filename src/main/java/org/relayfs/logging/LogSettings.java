package org.relayfs.logging;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.DecimalText;
import org.relayfs.tree.text.Setting;

/// Where a logger writes, and what happens when there is no room; immutable. Each framework hands over the texts of its
/// own configuration, and they are read here, once.
///
/// @param channel        name of a channel of this JVM; null with a path
/// @param path           of a channel's directory on a mount; null with a channel
/// @param subBufferSize  bytes of a sub-buffer, 256 to 2 GiB, of a channel that is created
/// @param subBufferCount sub-buffers of a buffer, 1 to 524,288, of a channel that is created
/// @param mode           of a channel that is created
/// @param block          how long a full channel may keep a thread waiting; zero: what has no room is dropped
public record LogSettings(
        String channel, Path path, long subBufferSize, int subBufferCount, ChannelMode mode, Duration block) {
    /// The names of the settings, in every framework.
    public static final List<String> NAMES = List.of("channel", "path", "subbufSize", "nSubbufs", "mode", "whenFull");

    private static final long LEAST_SIZE = 256;
    private static final long MOST_SIZE = 1L << 31;
    private static final int MOST_SUB_BUFFERS = 524_288;
    private static final Duration MOST_WAIT = Duration.ofHours(1);
    private static final Pattern BLOCK = Pattern.compile("block\\((\\d{1,9})(ms|s|m)\\)");

    /// Checks what it is made of.
    ///
    /// @throws IllegalArgumentException there is neither a channel nor a path, or both, or they are none
    public LogSettings {
        if ((channel == null) == (path == null)) {
            throw new IllegalArgumentException("logging: channel=" + channel + ", path=" + path
                    + ", limit=one of them; name a channel of this JVM, or the path of one on a mount");
        }
        if (path == null) {
            ChannelName ignored = ChannelName.of(channel);
        } else if (!path.isAbsolute() || path.getNameCount() < 2) {
            throw new IllegalArgumentException("path: value=\"" + path
                    + "\", limit=an absolute path below a mount; write, for example, /mnt/relay/app");
        }
    }

    /// Reads settings.
    ///
    /// @param values texts by the names of [#NAMES]; a null or empty text is a setting that is not there
    /// @return the settings
    /// @throws IllegalArgumentException a name or a value is none; the message names value, limit and remedy
    public static LogSettings of(Map<String, String> values) {
        for (String name : values.keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("setting: name=\"" + name + "\", limit=" + String.join(" ", NAMES));
            }
        }
        try {
            String size = text(values, "subbufSize", Long.toString(ChannelConfig.DEFAULT_SUB_BUFFER_SIZE));
            String count = text(values, "nSubbufs", Integer.toString(ChannelConfig.DEFAULT_SUB_BUFFER_COUNT));
            return new LogSettings(
                    text(values, "channel", null),
                    path(text(values, "path", null)),
                    DecimalText.parseSize("subbufSize", size, LEAST_SIZE, MOST_SIZE),
                    (int) DecimalText.parse("nSubbufs", count, 1, MOST_SUB_BUFFERS),
                    mode(text(values, "mode", ChannelMode.NO_OVERWRITE.text())),
                    whenFull(text(values, "whenFull", "drop")));
        } catch (ErrnoException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String text(Map<String, String> values, String name, String otherwise) {
        String value = values.get(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }

    private static Path path(String text) {
        try {
            return text == null ? null : Path.of(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("path: value=\"" + text + "\", limit=an absolute path", e);
        }
    }

    private static ChannelMode mode(String text) throws ErrnoException {
        ChannelMode[] modes = ChannelMode.values();
        return modes[Setting.oneOf("mode", text, modes[0].text(), modes[1].text())];
    }

    private static Duration whenFull(String text) {
        Matcher block = BLOCK.matcher(text);
        Duration wait = text.equals("drop") ? Duration.ZERO : block.matches() ? wait(block) : null;
        if (wait == null || wait.compareTo(MOST_WAIT) > 0 || block.matches() && wait.isZero()) {
            throw new IllegalArgumentException("whenFull: value=\"" + text
                    + "\", limit=drop, or block(TIME) of 1ms to 60m; write, for example, block(5s)");
        }
        return wait;
    }

    private static Duration wait(Matcher block) {
        long number = Long.parseLong(block.group(1));
        return switch (block.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    /// {@return the settings of a channel that is made for it}
    ///
    /// @throws IllegalArgumentException size times number is too much
    ChannelConfig config() {
        return ChannelConfig.of(subBufferSize, subBufferCount).withMode(mode).withEvents(true);
    }

    /// {@return the name of the place, for messages}
    String place() {
        return path == null ? "channel " + channel : path.toString();
    }
}
