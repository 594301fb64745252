package org.relayfs.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.relayfs.Events;
import org.relayfs.RelayChannel;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.Level;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.text.ControlText;

/// The files `metadata` and `events` of a channel of events; in other channels they are empty.
final class EventFiles {
    private static final int MAX_LENGTH = 160;
    private static final List<BuiltInType> BUILT_IN = List.of(BuiltInType.values());
    private static final List<BuiltInType> WRITTEN = List.of(BuiltInType.TEXT, BuiltInType.BYTES);
    private static final String LEVEL = "level>=";

    private EventFiles() {}

    /// {@return the CTF metadata}
    static byte[] metadata(ChannelSlot slot) {
        Events events = of(slot);
        return events == null ? new byte[0] : events.metadata().getBytes(StandardCharsets.UTF_8);
    }

    /// {@return a table of the types}
    ///
    /// @throws ErrnoException EIO: the shared memory is damaged
    static byte[] list(ChannelSlot slot) throws ErrnoException {
        Events events = of(slot);
        if (events == null) {
            return new byte[0];
        }
        try {
            long[] counts = events.counts();
            StringBuilder text = new StringBuilder(LEVEL + word(events.level()) + "\nname id level state count\n");
            all(events)
                    .forEach((id, type) -> text.append(type.name())
                            .append(' ')
                            .append(id)
                            .append(' ')
                            .append(word(type.level()))
                            .append(events.isOn(id) ? " on " : " off ")
                            .append(id < counts.length ? counts[id] : 0)
                            .append('\n'));
            return ControlText.bytes(text.toString());
        } catch (IOException e) {
            throw new ErrnoException(Errno.EIO, e.getMessage());
        }
    }

    // Of the built-in types, those that programs and files write.
    private static SortedMap<Integer, EventType> all(Events events) {
        SortedMap<Integer, EventType> all = new TreeMap<>(events.types());
        for (BuiltInType type : WRITTEN) {
            all.put(BUILT_IN.indexOf(type), type.type());
        }
        return all;
    }

    /// Switches a type, or all by their level.
    ///
    /// @throws ErrnoException EINVAL: it is neither `NAME on|off` nor `level>=LEVEL`; ENOENT: no type has the name
    static void write(ChannelSlot slot, ByteBuffer source, Caller caller) throws ErrnoException {
        String text = ControlText.of("events", source, MAX_LENGTH);
        RelayChannel channel = slot.requireLife().channel();
        if (!channel.config().events()) {
            throw new ErrnoException(Errno.EINVAL, "events: the channel holds records; create it with format=events");
        }
        try {
            if (text.startsWith(LEVEL)) {
                channel.events().setLevel(level(text.substring(LEVEL.length())));
            } else {
                switchOne(channel.events(), text);
            }
        } catch (IOException e) {
            throw new ErrnoException(Errno.EIO, e.getMessage());
        }
    }

    private static void switchOne(Events events, String text) throws IOException, ErrnoException {
        String[] words = text.split(" ", -1);
        if (words.length != 2 || !words[1].equals("on") && !words[1].equals("off")) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    "events: value=\"" + text + "\", limit=NAME on, NAME off or " + LEVEL
                            + "LEVEL; write one of these");
        }
        if (events.types().values().stream().noneMatch(type -> type.name().equals(words[0]))) {
            throw new ErrnoException(
                    Errno.ENOENT,
                    "events: name=\"" + words[0] + "\", limit=a type that a program has registered; see the file");
        }
        events.setOn(words[0], words[1].equals("on"));
    }

    private static Level level(String word) throws ErrnoException {
        return Arrays.stream(Level.values())
                .filter(level -> word(level).equals(word))
                .findFirst()
                .orElseThrow(() -> new ErrnoException(
                        Errno.EINVAL,
                        "events: level=\"" + word + "\", limit=trace, debug, info, warn or error; write one of these"));
    }

    private static String word(Level level) {
        return switch (level) {
            case TRACE -> "trace";
            case DEBUG -> "debug";
            case INFO -> "info";
            case WARN -> "warn";
            case ERROR -> "error";
        };
    }

    private static Events of(ChannelSlot slot) {
        ChannelLife life = slot.life();
        return life == null || !life.channel().config().events()
                ? null
                : life.channel().events();
    }
}
