package org.relayfs.tool.client;

import picocli.CommandLine.Command;

/// `relayfs flush`.
@Command(
        name = "flush",
        description = {
            "Closes the current sub-buffer of each buffer.",
            "So its records wake pollers and can be read through a mapping."
        })
public final class FlushCommand extends ChannelVerb {}
