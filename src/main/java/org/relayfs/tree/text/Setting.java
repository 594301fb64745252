package org.relayfs.tree.text;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.relayfs.ChannelMode;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The settings that wait for the next `create`, as keys of `create NAME key=value`; the first five are files of a
/// channel's directory as well.
public enum Setting {
    /// S.
    SUBBUF_SIZE("subbuf_size", s -> Long.toString(s.subBufferSize()), text -> {
        long bytes = DecimalText.parseSize("subbuf_size", text, 1, ChannelSettings.MAX_BUFFER_SIZE);
        return s -> s.withSubBufferSize(bytes);
    }),
    /// N.
    N_SUBBUFS("n_subbufs", s -> Integer.toString(s.subBufferCount()), text -> {
        int count = (int) DecimalText.parse("n_subbufs", text, 1, ChannelSettings.MAX_SUB_BUFFER_COUNT);
        return s -> s.withSubBufferCount(count);
    }),
    /// Overwrite or not.
    MODE("mode", s -> s.mode().text(), text -> {
        ChannelMode mode = mode(text);
        return s -> s.withMode(mode);
    }),
    /// One buffer for all.
    GLOBAL("global", s -> s.global() ? "1" : "0", text -> {
        boolean global = DecimalText.parse("global", text, 0, 1) == 1;
        return s -> s.withGlobal(global);
    }),
    /// What a sub-buffer begins with.
    HEADER("header", s -> s.paddingHeader() ? "padding" : "none", text -> {
        boolean padding = oneOf("header", text, "none", "padding") == 1;
        return s -> s.withPaddingHeader(padding);
    }),
    /// The prefix of relay files' names.
    BASE("base", ChannelSettings::baseName, text -> {
        String base = NameLimits.component("base", text);
        return s -> s.withBaseName(base);
    }),
    /// Permission bits of relay files.
    FILE_MODE("file_mode", s -> Integer.toOctalString(s.fileMode()), text -> {
        int bits = permissionBits(text);
        return s -> s.withFileMode(bits);
    });

    private final String key;
    private final Function<ChannelSettings, String> show;
    private final Parser parser;

    Setting(String key, Function<ChannelSettings, String> show, Parser parser) {
        this.key = key;
        this.show = show;
        this.parser = parser;
    }

    @FunctionalInterface
    private interface Parser {
        UnaryOperator<ChannelSettings> parse(String text) throws ErrnoException;
    }

    /// {@return the setting of a key, if there is one}
    ///
    /// @param key left of the equals sign
    public static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values()).filter(s -> s.key.equals(key)).findFirst();
    }

    /// {@return left of the equals sign; the name of its file}
    public String key() {
        return key;
    }

    /// {@return what the file shows}
    ///
    /// @param settings among which it is
    public String show(ChannelSettings settings) {
        return show.apply(settings);
    }

    /// Reads a value, once.
    ///
    /// @param text right of the equals sign, or what is written to the file
    /// @return sets it among others
    /// @throws ErrnoException it is not a value
    public UnaryOperator<ChannelSettings> parse(String text) throws ErrnoException {
        return parser.parse(text);
    }

    /// {@return true for a number, false for a word}
    public boolean isNumber() {
        return this != MODE && this != HEADER;
    }

    private static ChannelMode mode(String text) throws ErrnoException {
        ChannelMode[] modes = ChannelMode.values();
        return modes[
                oneOf("mode", text, Arrays.stream(modes).map(ChannelMode::text).toArray(String[]::new))];
    }

    /// {@return the index of `text` among `words`}
    ///
    /// @param what  the file or key, for the message
    /// @param text  one of them
    /// @param words all that there are
    /// @throws ErrnoException EINVAL: it is none of them
    public static int oneOf(String what, String text, String... words) throws ErrnoException {
        int index = Arrays.asList(words).indexOf(text);
        if (index < 0) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    what + ": value=\"" + text + "\", limit=" + String.join(" or ", words) + "; write one of these");
        }
        return index;
    }

    private static int permissionBits(String text) throws ErrnoException {
        if (!text.matches("[0-7]{1,4}") || Integer.parseInt(text, 8) > 0777) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    "file_mode: value=\"" + text + "\", limit=0 to 777; write octal permission bits such as 440");
        }
        return Integer.parseInt(text, 8);
    }
}
