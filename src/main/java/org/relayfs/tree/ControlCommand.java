package org.relayfs.tree;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// One line of the `control` file, parsed.
///
/// @param verb     what to do
/// @param name     the channel
/// @param settings for `create`: the values given, each known to be good by itself
/// @param live     for `create`: those that do not wait for the next `create`
record ControlCommand(
        Verb verb, String name, Map<Setting, String> settings, Map<LiveSetting, LiveSetting.Change> live) {
    static final int MAX_LENGTH = 1024;

    /// The commands.
    enum Verb {
        CREATE,
        DESTROY,
        FLUSH,
        RESET,
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
        ChannelName.parse(words.get(1));
        ControlCommand command =
                new ControlCommand(verb, words.get(1), new EnumMap<>(Setting.class), new EnumMap<>(LiveSetting.class));
        for (String word : words.subList(2, words.size())) {
            if (verb != Verb.CREATE) {
                throw new ErrnoException(
                        Errno.EINVAL, "command: value=\"" + word + "\" after the name; " + verb.word() + " takes none");
            }
            command.addSetting(word);
        }
        command.applyTo(ChannelSettings.DEFAULT);
        return command;
    }

    ChannelSettings applyTo(ChannelSettings base) throws ErrnoException {
        ChannelSettings result = base;
        for (Map.Entry<Setting, String> setting : settings.entrySet()) {
            result = setting.getKey().parse(result, setting.getValue());
        }
        return result;
    }

    void applyTo(ChannelSlot slot) throws ErrnoException {
        for (LiveSetting.Change change : live.values()) {
            change.applyTo(slot);
        }
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
                        + "\", limit=create, destroy, flush, reset, enable, disable; see cat control");
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
        Object before = atOnce.isPresent()
                ? live.put(atOnce.get(), atOnce.get().parse(value))
                : settings.put(Setting.ofKey(key), value);
        if (before != null) {
            throw new ErrnoException(Errno.EINVAL, "setting: " + key + " is given twice; give it once");
        }
    }
}
