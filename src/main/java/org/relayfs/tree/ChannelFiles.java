package org.relayfs.tree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.ChannelSettings;
import org.relayfs.tree.text.ControlText;
import org.relayfs.tree.text.DecimalText;
import org.relayfs.tree.text.Setting;

/// The control files of a channel's directory, unless it is plain. The table in [#of] is the one place that says what
/// they are.
final class ChannelFiles implements SlotMaker {
    static final Set<String> NAMES = Set.of(
            "subbuf_size",
            "n_subbufs",
            "mode",
            "global",
            "header",
            "format",
            "create",
            "enabled",
            "dropped",
            "stats",
            "memory",
            "metadata",
            "events",
            "flush",
            "reset",
            "resize",
            "write",
            "blocking",
            "blocking_writes",
            "flush_interval_ms",
            "size_reporting");

    private final ChannelLifecycle lifecycle;
    private final Inodes inodes;
    private final ErrorLog errorLog;
    private final FlushTimer timer;

    ChannelFiles(ChannelLifecycle lifecycle, Inodes inodes, ErrorLog errorLog, FlushTimer timer) {
        this.lifecycle = lifecycle;
        this.inodes = inodes;
        this.errorLog = errorLog;
        this.timer = timer;
    }

    @Override
    public ChannelSlot make(Directory directory, ChannelSettings settings) {
        boolean plain = settings.files().plain();
        return new ChannelSlot(directory, settings, timer, slot -> plain ? Map.of() : of(slot));
    }

    private Map<String, ControlFile> of(ChannelSlot slot) {
        Map<String, ControlFile> files = new LinkedHashMap<>();
        for (Setting setting : List.of(
                Setting.SUBBUF_SIZE, Setting.N_SUBBUFS, Setting.MODE, Setting.GLOBAL, Setting.HEADER, Setting.FORMAT)) {
            addSetting(files, slot, setting);
        }
        add(files, slot, "create", 0600, () -> flag(slot.life() != null), number("create", value -> {
            if (value == 0) {
                lifecycle.destroy(slot);
            } else {
                lifecycle.create(slot);
            }
        }));
        add(files, slot, "enabled", 0600, () -> flag(isEnabled(slot)), number("enabled", value -> enable(slot, value)));
        add(files, slot, "dropped", 0400, () -> line(Long.toString(dropped(slot))), null);
        add(files, slot, "stats", 0400, () -> stats(slot), null);
        add(files, slot, "memory", 0400, () -> memory(slot), null);
        add(files, slot, "metadata", 0400, () -> EventFiles.metadata(slot), null);
        add(
                files,
                slot,
                "events",
                0600,
                () -> EventFiles.list(slot),
                (source, caller) -> EventFiles.write(slot, source, caller));
        add(
                files,
                slot,
                "flush",
                0200,
                null,
                (source, caller) -> slot.requireLife().channel().flush());
        add(
                files,
                slot,
                "reset",
                0200,
                null,
                (source, caller) -> slot.requireLife().channel().reset());
        add(files, slot, "resize", 0200, null, (source, caller) -> lifecycle.resize(slot));
        add(files, slot, "write", 0200, null, new WriteFile(slot));
        for (LiveSetting setting : LiveSetting.values()) {
            addLiveSetting(files, slot, setting);
        }
        return files;
    }

    private void addSetting(Map<String, ControlFile> files, ChannelSlot slot, Setting setting) {
        String name = setting.key();
        add(
                files,
                slot,
                name,
                0600,
                () -> waiting(setting, slot),
                (source, caller) -> slot.set(setting.parse(
                        setting.isNumber() ? ControlText.number(name, source) : ControlText.word(name, source))));
    }

    /// What is in force and, in a second line, what the next `create` will make of it. Programs that read a number, or
    /// a line, get what is in force.
    private static byte[] waiting(Setting setting, ChannelSlot slot) {
        String next = setting.show(slot.settings());
        ChannelLife life = slot.life();
        String present = life == null
                ? next
                : setting.show(ChannelSettings.of(life.channel().config()));
        return line(present.equals(next) ? next : present + "\nnext " + next);
    }

    private void addLiveSetting(Map<String, ControlFile> files, ChannelSlot slot, LiveSetting setting) {
        String name = setting.key();
        add(files, slot, name, 0600, () -> line(setting.show(slot)), (source, caller) -> {
            String text = setting.isNumber() ? ControlText.number(name, source) : ControlText.word(name, source);
            setting.parse(text).applyTo(slot);
            slot.view().write();
        });
    }

    private void add(
            Map<String, ControlFile> files,
            ChannelSlot slot,
            String name,
            int mode,
            ControlContent content,
            ControlAction action) {
        Directory directory = slot.directory();
        String path = directory.pathOf(name);
        ControlAction watched = action == null
                ? null
                : errorLog.watching(path, (source, caller) -> {
                    slot.requirePresent();
                    action.write(source, caller);
                });
        files.put(name, new ControlFile(path, inodes.newFile(directory, mode), content, watched, errorLog));
    }

    private static ControlAction number(String what, NumberAction action) {
        return (source, caller) ->
                action.accept(DecimalText.parse(what, ControlText.number(what, source), 0, Long.MAX_VALUE));
    }

    private static boolean isEnabled(ChannelSlot slot) {
        ChannelLife life = slot.life();
        return life != null && life.channel().isEnabled();
    }

    /// Without a channel this is accepted and ignored, because relay-apps stop logging before they create.
    private static void enable(ChannelSlot slot, long value) {
        ChannelLife life = slot.life();
        if (life != null) {
            life.channel().setEnabled(value != 0);
        }
    }

    private static long dropped(ChannelSlot slot) {
        ChannelLife life = slot.life();
        return life == null ? 0 : life.channel().dropped();
    }

    private static byte[] stats(ChannelSlot slot) {
        ChannelLife life = slot.life();
        return StatsTable.of(life == null ? List.of() : life.channel().stats());
    }

    /// Where another process attaches. The folder is open to its owner's user alone, whatever becomes of this file's
    /// mode.
    private static byte[] memory(ChannelSlot slot) {
        ChannelLife life = slot.life();
        return life == null
                ? new byte[0]
                : line(life.channel().folder().toAbsolutePath().toString());
    }

    private static byte[] flag(boolean value) {
        return line(value ? "1" : "0");
    }

    private static byte[] line(String text) {
        return ControlText.bytes(text + "\n");
    }

    @FunctionalInterface
    private interface NumberAction {
        void accept(long value) throws ErrnoException;
    }
}
