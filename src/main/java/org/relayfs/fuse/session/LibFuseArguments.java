package org.relayfs.fuse.session;

import java.util.ArrayList;
import java.util.List;
import org.relayfs.fuse.MountOptions;

/// The command line for libfuse.
final class LibFuseArguments {
    private LibFuseArguments() {}

    static List<String> of(MountOptions options) {
        List<String> words = new ArrayList<>(options.extra());
        // If an option is repeated, the last one counts.
        words.addAll(List.of(
                "fsname=relayfs",
                "subtype=relayfs",
                // What a name means, who may look it up and what stat shows is asked for every time: all of it
                // changes without the kernel.
                "entry_timeout=0",
                "attr_timeout=0",
                "negative_timeout=0",
                "use_ino",
                "hard_remove"));
        if (options.allowOther()) {
            words.add("allow_other");
        }
        if (options.defaultPermissions()) {
            words.add("default_permissions");
        }
        if (options.readOnly()) {
            words.add("ro");
        }
        return List.of("relayfs", "-o", String.join(",", words));
    }
}
