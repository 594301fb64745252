package org.relayfs.tool.client;

import picocli.CommandLine.Command;

/// `relayfs destroy`.
@Command(
        name = "destroy",
        description = {"Destroys a channel.", "Processes that have its files open can read them to the end."})
public final class DestroyCommand extends ChannelVerb {}
