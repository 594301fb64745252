package org.relayfs.tree.text;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.relayfs.ChannelMode;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The settings that wait for the next `create`, as keys of `create NAME key=value`; the first six are files of a
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
    HEADER("header", s -> headerWord(s.paddingHeader()), text -> {
        int bytes = headerBytes(text);
        return s -> s.withPaddingHeader(bytes);
    }),
    /// What a record is.
    FORMAT("format", s -> s.events() ? "events" : "records", text -> {
        boolean events = oneOf("format", text, "records", "events") == 1;
        return s -> s.withEvents(events);
    }),
    /// The prefix of relay files' names.
    BASE("base", s -> s.files().base(), text -> {
        String base = NameLimits.component("base", text);
        return s -> s.withFiles(files -> files.withBase(base));
    }),
    /// Permission bits of relay files.
    FILE_MODE("file_mode", s -> Integer.toOctalString(s.files().mode()), text -> {
        int bits = permissionBits(text);
        return s -> s.withFiles(files -> files.withMode(bits));
    }),
    /// The directory of relay files.
    FILES("files", s -> s.files().directoryText(), text -> {
        String directory = FileSettings.parseDirectory(text);
        return s -> s.withFiles(files -> files.withDirectory(directory));
    }),
    /// Whether relay files have a number behind the base.
    NUMBERED("numbered", s -> s.files().numbered() ? "1" : "0", text -> {
        boolean numbered = DecimalText.parse("numbered", text, 0, 1) == 1;
        return s -> s.withFiles(files -> files.withNumbered(numbered));
    }),
    /// Whether there are relay files only.
    PLAIN("plain", s -> s.files().plain() ? "1" : "0", text -> {
        boolean plain = DecimalText.parse("plain", text, 0, 1) == 1;
        return s -> s.withFiles(files -> files.withPlain(plain));
    });

    // Bytes, in the order of the words in a refusal.
    private static final int[] HEADERS = {0, Long.BYTES, Integer.BYTES};

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
        return this != MODE && this != HEADER && this != FORMAT;
    }

    // The 8 bytes of relay-apps came first, and kept their name.
    private static String headerWord(int bytes) {
        return bytes == 0 ? "none" : bytes == Long.BYTES ? "padding" : "padding" + bytes;
    }

    private static int headerBytes(String word) throws ErrnoException {
        return HEADERS[
                oneOf(
                        "header",
                        word,
                        Arrays.stream(HEADERS).mapToObj(Setting::headerWord).toArray(String[]::new))];
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
