package org.relayfs.tool.client;

import picocli.CommandLine.Command;

/// `relayfs create`: a line of `control`.
@Command(
        name = "create",
        description = {
            "Creates a channel.",
            "Keys: subbuf_size (bytes; K, M, G), n_subbufs, mode (no-overwrite, overwrite), global (0, 1), header (none, "
                    + "padding, padding4), format (records, events), base (prefix of file names), file_mode (octal), files (directory of the files: . or a "
                    + "path from the root of the mount), numbered (0, 1), plain (0, 1), blocking (0, 1), "
                    + "blocking_writes (0, 1), "
                    + "flush_interval_ms, size_reporting (relay, buffer, all)."
        },
        exitCodeList = {"0:created", "1:refused, with the reason", "2:system error"})
public final class CreateCommand extends SettingsVerb {}
