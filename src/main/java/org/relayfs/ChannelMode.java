package org.relayfs;

/// What happens when a buffer is full.
public enum ChannelMode {
    /// Records are refused and counted until a reader has made room.
    NO_OVERWRITE("no-overwrite"),
    /// The oldest sub-buffer is used again: a flight recorder.
    OVERWRITE("overwrite");

    private final String text;

    ChannelMode(String text) {
        this.text = text;
    }

    /// {@return the word that control files use}
    public String text() {
        return text;
    }
}
