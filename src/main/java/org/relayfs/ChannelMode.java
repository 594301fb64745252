package org.relayfs;

/// The behaviour of a full buffer.
public enum ChannelMode {
    /// Records are refused and counted until a reader has made room.
    NO_OVERWRITE("no-overwrite"),
    /// The oldest sub-buffer is overwritten: a flight recorder.
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
