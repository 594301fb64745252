package org.relayfs.tree;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.DecimalText;

/// The settings of a channel's directory that are in effect at once, also for open files. Each is a file of the
/// directory and a key of `create NAME key=value`.
enum LiveSetting {
    BLOCKING("blocking", slot -> slot.behaviour().isBlocking() ? "1" : "0", text -> {
        boolean waits = DecimalText.parse("blocking", text, 0, 1) == 1;
        return slot -> slot.behaviour().setBlocking(waits);
    }),
    BLOCKING_WRITES("blocking_writes", slot -> slot.behaviour().isBlockingWrites() ? "1" : "0", text -> {
        boolean wait = DecimalText.parse("blocking_writes", text, 0, 1) == 1;
        return slot -> slot.setBlockingWrites(wait);
    }),
    FLUSH_INTERVAL_MS(
            "flush_interval_ms", slot -> Long.toString(slot.periodicFlush().intervalMs()), text -> {
                long intervalMs = DecimalText.parse("flush_interval_ms", text, 0, PeriodicFlush.MAX_INTERVAL_MS);
                return slot -> slot.periodicFlush().setIntervalMs(intervalMs);
            }),
    SIZE_REPORTING("size_reporting", slot -> slot.behaviour().sizeReporting().word(), text -> {
        SizeReporting reporting = SizeReporting.of(text);
        return slot -> slot.behaviour().setSizeReporting(reporting);
    });

    private final String key;
    private final Function<ChannelSlot, String> show;
    private final Parser parser;

    LiveSetting(String key, Function<ChannelSlot, String> show, Parser parser) {
        this.key = key;
        this.show = show;
        this.parser = parser;
    }

    /// A value that is good by itself, for any directory.
    @FunctionalInterface
    interface Change {
        void applyTo(ChannelSlot slot) throws ErrnoException;
    }

    @FunctionalInterface
    private interface Parser {
        Change parse(String text) throws ErrnoException;
    }

    static Optional<LiveSetting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    String key() {
        return key;
    }

    /// {@return what is in effect in a directory in which nobody has set anything}
    String ofNewDirectory() {
        return this == SIZE_REPORTING ? SizeReporting.RELAY.word() : "0";
    }

    boolean isNumber() {
        return this != SIZE_REPORTING;
    }

    String show(ChannelSlot slot) {
        return show.apply(slot);
    }

    Change parse(String text) throws ErrnoException {
        return parser.parse(text);
    }
}
