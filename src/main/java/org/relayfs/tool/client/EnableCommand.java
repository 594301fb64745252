package org.relayfs.tool.client;

import picocli.CommandLine.Command;

/// `relayfs enable`.
@Command(
        name = "enable",
        description = {"Starts logging again."})
public final class EnableCommand extends ChannelVerb {}
