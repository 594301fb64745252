package org.relayfs.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.relayfs.linux.ErrnoException;
import org.relayfs.memory.KeptText;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.NodeStatus;
import org.relayfs.tree.text.ChannelSettings;
import org.relayfs.tree.text.Setting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What clients have set of a channel's directory that neither its memory nor its settings hold, as a file in
/// its folder of shared memory: for the mount that takes the channel over. A line each: `KEY=VALUE` of what is
/// in effect at once, `next KEY=VALUE` of what waits for the next `create`, `kept`, and `attributes MODE UID
/// GID PATH`. There is no file while nobody has set anything.
final class KeptView {
    private static final Logger LOG = LoggerFactory.getLogger(KeptView.class);
    private static final String FILE = "view";
    private static final String KEPT = "kept";
    private static final String NEXT = "next ";
    private static final String ATTRIBUTES = "attributes ";
    private static final int ATTRIBUTE_WORDS = 5;

    private final ChannelSlot slot;

    KeptView(ChannelSlot slot) {
        this.slot = slot;
    }

    /// Keeps what there is now.
    synchronized void write() {
        ChannelLife life = slot.life();
        if (life == null || life.channel().isClosed()) {
            return;
        }
        Path file = life.channel().folder().resolve(FILE);
        try {
            List<String> lines = lines(life);
            if (!lines.isEmpty()) {
                KeptText.write(file, String.join("\n", lines) + "\n");
            } else {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // The channel has just been closed, or somebody has removed its folder.
        } catch (IOException e) {
            LOG.warn("{}: what was set cannot be kept: {}", file, e.getMessage());
        }
    }

    private List<String> lines(ChannelLife life) {
        List<String> lines = new ArrayList<>();
        for (LiveSetting setting : LiveSetting.values()) {
            if (!setting.show(slot).equals(setting.ofNewDirectory())) {
                lines.add(setting.key() + "=" + setting.show(slot));
            }
        }
        ChannelSettings present = ChannelSettings.of(life.channel().config());
        for (Setting setting : Setting.values()) {
            String next = setting.show(slot.settings());
            if (!next.equals(setting.show(present))) {
                lines.add(NEXT + setting.key() + "=" + next);
            }
        }
        if (slot.isKept()) {
            lines.add(KEPT);
        }
        for (Node node : nodes(life)) {
            // Whoever has made the directory has also said whose it is.
            if (statusOf(node).isChanged() || slot.isKept()) {
                Attributes now = statusOf(node).attributes();
                lines.add(ATTRIBUTES + Integer.toOctalString(now.permissions()) + " " + now.uid() + " " + now.gid()
                        + " " + node.path());
            }
        }
        return lines;
    }

    private List<Node> nodes(ChannelLife life) {
        List<Node> nodes = new ArrayList<>(List.of(slot.directory()));
        nodes.addAll(slot.controlFiles().values());
        nodes.addAll(life.files().values());
        life.placed().forEach(file -> nodes.add(file.node()));
        return nodes;
    }

    static NodeStatus statusOf(Node node) {
        return switch (node) {
            case Directory directory -> directory.status();
            case ControlFile file -> file.status();
            case RelayFile file -> file.status();
        };
    }

    /// Sets all again that was kept of a channel that was taken over. The text comes from shared memory: what
    /// cannot be is left out.
    void restore() {
        ChannelLife life = slot.life();
        Path file = life.channel().folder().resolve(FILE);
        try {
            Optional<String> text = KeptText.read(file);
            for (String line : text.orElse("").lines().toList()) {
                restore(line, life);
            }
        } catch (IOException | ErrnoException | IllegalArgumentException e) {
            LOG.warn("{}: not all that was set before is set again: {}", file, e.getMessage());
        }
    }

    private void restore(String line, ChannelLife life) throws ErrnoException {
        int equals = line.indexOf('=');
        if (line.equals(KEPT)) {
            slot.setKept(true);
        } else if (line.startsWith(ATTRIBUTES)) {
            restoreAttributes(line.split(" ", ATTRIBUTE_WORDS), life);
        } else if (line.startsWith(NEXT) && equals > 0) {
            Optional<Setting> setting = Setting.ofKey(line.substring(NEXT.length(), equals));
            if (setting.isPresent()) {
                slot.set(setting.get().parse(line.substring(equals + 1)));
            }
        } else if (equals > 0) {
            Optional<LiveSetting> setting = LiveSetting.ofKey(line.substring(0, equals));
            if (setting.isPresent()) {
                setting.get().parse(line.substring(equals + 1)).applyTo(slot);
            }
        }
    }

    private void restoreAttributes(String[] words, ChannelLife life) {
        if (words.length < ATTRIBUTE_WORDS) {
            throw new IllegalArgumentException("attributes: words=" + words.length + ", limit=" + ATTRIBUTE_WORDS);
        }
        for (Node node : nodes(life)) {
            if (node.path().equals(words[ATTRIBUTE_WORDS - 1])) {
                statusOf(node)
                        .restore(Integer.parseInt(words[1], 8), Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            }
        }
    }
}
