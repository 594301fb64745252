package org.relayfs.tool.client;

import picocli.CommandLine.Command;

/// `relayfs disable`.
@Command(
        name = "disable",
        description = {
            "Stops logging and flushes.",
            "Records are refused, and not counted as lost, until it is enabled again."
        })
public final class DisableCommand extends ChannelVerb {}
