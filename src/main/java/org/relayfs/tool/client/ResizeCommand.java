package org.relayfs.tool.client;

import picocli.CommandLine.Command;

/// `relayfs resize`: a line of `control`.
@Command(
        name = "resize",
        description = {
            "Gives a channel another geometry while programs write to it and read it. No record is lost.",
            "Keys: subbuf_size (bytes; K, M, G), n_subbufs. What is not named stays as it is."
        },
        exitCodeList = {"0:done", "1:refused, with the reason", "2:system error"})
public final class ResizeCommand extends SettingsVerb {}
