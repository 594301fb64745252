package org.relayfs.event.ctf;

/// How the events of a stream lie behind each other.
public enum CtfForm {
    /// Event after event, as they come out of a channel.
    RAW,

    /// A packet for each sub-buffer, as recordings have it.
    PACKETS
}
