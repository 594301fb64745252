package org.relayfs.event;

/// How important an event is, from the least to the most. The order is that of all loggers.
public enum Level {
    /// For those who follow single steps.
    TRACE(14),
    /// For those who look for a fault.
    DEBUG(13),
    /// What users of a program want to know.
    INFO(6),
    /// Something may be wrong.
    WARN(4),
    /// Something has failed.
    ERROR(3);

    private final int ctfNumber;

    Level(int ctfNumber) {
        this.ctfNumber = ctfNumber;
    }

    /// {@return the number that CTF's `loglevel` has for it: that of LTTng, 0 (emergency) to 14 (debug)}
    public int ctfNumber() {
        return ctfNumber;
    }
}
