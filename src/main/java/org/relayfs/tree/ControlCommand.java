package org.relayfs.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.ChannelSettings;
import org.relayfs.tree.text.NameLimits;
import org.relayfs.tree.text.Setting;

/// One line of the `control` file, parsed: each word was looked at once.
///
/// @param verb     what to do
/// @param name     the channel
/// @param settings for `create` and `resize`: what sets the values given
/// @param live     for `create`: those that do not wait for the next `create`
record ControlCommand(
        Verb verb,
        ChannelName name,
        Map<Setting, UnaryOperator<ChannelSettings>> settings,
        Map<LiveSetting, LiveSetting.Change> live) {
    static final int MAX_LENGTH = 1024;

    private static final Set<Setting> GEOMETRY = EnumSet.of(Setting.SUBBUF_SIZE, Setting.N_SUBBUFS);

    /// The commands.
    enum Verb {
        CREATE,
        DESTROY,
        FLUSH,
        RESET,
        RESIZE,
        ENABLE,
        DISABLE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static ControlCommand parse(String line) throws ErrnoException {
        if (line.length() > MAX_LENGTH) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    "command: length=" + line.length() + ", limit=" + MAX_LENGTH + "; write shorter lines");
        }
        List<String> words = words(line);
        Verb verb = verb(words.get(0));
        if (words.size() < 2) {
            throw new ErrnoException(
                    Errno.EINVAL, "command: " + verb.word() + " needs a channel name; see cat control");
        }
        ControlCommand command = new ControlCommand(
                verb, NameLimits.parse(words.get(1)), new EnumMap<>(Setting.class), new EnumMap<>(LiveSetting.class));
        for (String word : words.subList(2, words.size())) {
            if (verb != Verb.CREATE && verb != Verb.RESIZE) {
                throw new ErrnoException(
                        Errno.EINVAL, "command: value=\"" + word + "\" after the name; " + verb.word() + " takes none");
            }
            command.addSetting(word);
        }
        if (verb == Verb.RESIZE) {
            command.requireGeometry();
        }
        return command;
    }

    private void requireGeometry() throws ErrnoException {
        if (settings.isEmpty() || !GEOMETRY.containsAll(settings.keySet()) || !live.isEmpty()) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    "command: resize takes subbuf_size and n_subbufs, one of them or both; see cat control");
        }
    }

    ChannelSettings applyTo(ChannelSettings base) {
        ChannelSettings result = base;
        for (UnaryOperator<ChannelSettings> change : settings.values()) {
            result = change.apply(result);
        }
        return result;
    }

    void applyTo(ChannelSlot slot) throws ErrnoException {
        for (LiveSetting.Change change : live.values()) {
            change.applyTo(slot);
        }
        slot.view().write();
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>(List.of(line.split("[ \t]+")));
        words.remove("");
        return words;
    }

    private static Verb verb(String word) throws ErrnoException {
        for (Verb verb : Verb.values()) {
            if (verb.word().equals(word)) {
                return verb;
            }
        }
        throw new ErrnoException(
                Errno.EINVAL,
                "command: value=\"" + word
                        + "\", limit=create, destroy, flush, reset, resize, enable, disable; see cat control");
    }

    private void addSetting(String word) throws ErrnoException {
        int equals = word.indexOf('=');
        if (equals < 1) {
            throw new ErrnoException(
                    Errno.EINVAL, "setting: value=\"" + word + "\", limit=key=value; write for example n_subbufs=8");
        }
        String key = word.substring(0, equals);
        String value = word.substring(equals + 1);
        Optional<LiveSetting> atOnce = LiveSetting.ofKey(key);
        Object before = atOnce.isPresent() ? live.put(atOnce.get(), atOnce.get().parse(value)) : putWaiting(key, value);
        if (before != null) {
            throw new ErrnoException(Errno.EINVAL, "setting: " + key + " is given twice; give it once");
        }
    }

    private Object putWaiting(String key, String value) throws ErrnoException {
        Setting setting = Setting.ofKey(key)
                .orElseThrow(() -> new ErrnoException(
                        Errno.EINVAL, "key: value=\"" + key + "\", limit=" + keys() + "; use one of these"));
        return settings.put(setting, setting.parse(value));
    }

    private static String keys() {
        return Stream.concat(
                        Arrays.stream(Setting.values()).map(Setting::key),
                        Arrays.stream(LiveSetting.values()).map(LiveSetting::key))
                .collect(Collectors.joining(", "));
    }
}
