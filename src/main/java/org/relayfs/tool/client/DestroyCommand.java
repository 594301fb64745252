package org.relayfs.tool.client;

import picocli.CommandLine.Command;

/// `relayfs destroy`.
@Command(
        name = "destroy",
        description = {"Destroys a channel.", "Who has its files open can read them to the end."})
public final class DestroyCommand extends ChannelVerb {}
