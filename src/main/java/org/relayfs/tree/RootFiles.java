package org.relayfs.tree;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.relayfs.Relay;
import org.relayfs.tree.text.ControlText;

/// The control files of the root.
final class RootFiles {
    static final Set<String> NAMES =
            Set.of("control", "channels", "buffers", "stats", "metrics", "error_log", "version");

    private RootFiles() {}

    static Map<String, ControlFile> of(
            Namespace namespace, Inodes inodes, TreeOptions options, ErrorLog errorLog, ControlAction commands) {
        Map<String, ControlFile> files = new LinkedHashMap<>();
        add(files, namespace, inodes, errorLog, "control", 0600, ControlCommands::help, commands);
        add(files, namespace, inodes, errorLog, "channels", 0444, () -> ChannelTable.of(namespace.root()), null);
        add(files, namespace, inodes, errorLog, "buffers", 0444, () -> BufferTable.places(namespace.root()), null);
        add(files, namespace, inodes, errorLog, "stats", 0400, () -> BufferTable.stats(namespace.root()), null);
        add(files, namespace, inodes, errorLog, "metrics", 0444, () -> MetricsFile.of(namespace.root()), null);
        add(
                files,
                namespace,
                inodes,
                errorLog,
                "error_log",
                0600,
                errorLog::content,
                (source, caller) -> errorLog.clear());
        add(files, namespace, inodes, errorLog, "version", 0444, () -> version(options), null);
        return files;
    }

    private static void add(
            Map<String, ControlFile> files,
            Namespace namespace,
            Inodes inodes,
            ErrorLog errorLog,
            String name,
            int mode,
            ControlContent content,
            ControlAction action) {
        Directory root = namespace.root();
        files.put(name, new ControlFile(root.pathOf(name), inodes.newFile(root, mode), content, action, errorLog));
    }

    private static byte[] version(TreeOptions options) {
        return ControlText.bytes("relayfs " + Relay.version() + "\nlayout " + Relay.layoutVersion() + "\n"
                + options.mmapMode().get() + "\n");
    }
}
