package org.relayfs.tree;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relayfs.ChannelMode;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The keys of `create NAME key=value`; the first five are files of a channel's directory as well.
enum Setting {
    SUBBUF_SIZE(
            "subbuf_size",
            s -> Long.toString(s.subBufferSize()),
            (s, text) -> s.withSubBufferSize(
                    DecimalText.parseSize("subbuf_size", text, 1, ChannelSettings.MAX_BUFFER_SIZE))),
    N_SUBBUFS(
            "n_subbufs",
            s -> Integer.toString(s.subBufferCount()),
            (s, text) -> s.withSubBufferCount(
                    (int) DecimalText.parse("n_subbufs", text, 1, ChannelSettings.MAX_SUB_BUFFER_COUNT))),
    MODE("mode", s -> s.mode().text(), (s, text) -> s.withMode(mode(text))),
    GLOBAL(
            "global",
            s -> s.global() ? "1" : "0",
            (s, text) -> s.withGlobal(DecimalText.parse("global", text, 0, 1) == 1)),
    HEADER(
            "header",
            s -> s.paddingHeader() ? "padding" : "none",
            (s, text) -> s.withPaddingHeader(oneOf("header", text, "none", "padding") == 1)),
    BASE("base", ChannelSettings::baseName, (s, text) -> {
        ChannelName.checkComponent("base", text);
        return s.withBaseName(text);
    }),
    FILE_MODE("file_mode", s -> Integer.toOctalString(s.fileMode()), (s, text) -> s.withFileMode(permissionBits(text)));

    private final String key;
    private final Function<ChannelSettings, String> show;
    private final Parser parser;

    Setting(String key, Function<ChannelSettings, String> show, Parser parser) {
        this.key = key;
        this.show = show;
        this.parser = parser;
    }

    static Setting ofKey(String key) throws ErrnoException {
        Optional<Setting> setting =
                Arrays.stream(values()).filter(s -> s.key.equals(key)).findFirst();
        return setting.orElseThrow(() -> new ErrnoException(
                Errno.EINVAL,
                "key: value=\"" + key + "\", limit="
                        + Stream.concat(
                                        Arrays.stream(values()).map(Setting::key),
                                        Arrays.stream(LiveSetting.values()).map(LiveSetting::key))
                                .collect(Collectors.joining(", "))
                        + "; use one of these"));
    }

    String key() {
        return key;
    }

    String show(ChannelSettings settings) {
        return show.apply(settings);
    }

    /// @return `settings` with this one set to what `text` says
    ChannelSettings parse(ChannelSettings settings, String text) throws ErrnoException {
        return parser.parse(settings, text);
    }

    private static ChannelMode mode(String text) throws ErrnoException {
        ChannelMode[] modes = ChannelMode.values();
        return modes[
                oneOf("mode", text, Arrays.stream(modes).map(ChannelMode::text).toArray(String[]::new))];
    }

    /// @return the index of `text` among `words`
    static int oneOf(String what, String text, String... words) throws ErrnoException {
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

    @FunctionalInterface
    private interface Parser {
        ChannelSettings parse(ChannelSettings settings, String text) throws ErrnoException;
    }
}
