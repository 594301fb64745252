package org.relayfs.tool.client;

import picocli.CommandLine.Command;

/// `relayfs reset`.
@Command(
        name = "reset",
        description = {"Discards everything in the buffers and restarts the counters."})
public final class ResetCommand extends ChannelVerb {}
