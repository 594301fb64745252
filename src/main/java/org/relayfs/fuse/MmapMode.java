package org.relayfs.fuse;

/// The way in which relay files are mapped.
public enum MmapMode {
    /// [#PASSTHROUGH] where the kernel and our rights allow it, else [#CACHED].
    AUTO("auto"),
    /// The mapping is the ring itself: live, without a copy. Needs Linux 6.9 and CAP_SYS_ADMIN. The descriptor can
    /// be positioned (the kernel allows no `FOPEN_NONSEEKABLE` here).
    PASSTHROUGH("passthrough"),
    /// The mapping is a page cache that is renewed for every sub-buffer produced. `st_size` is at least the length
    /// of the ring.
    CACHED("cached"),
    /// Relay files cannot be mapped.
    OFF("off");

    private final String text;

    MmapMode(String text) {
        this.text = text;
    }

    /// {@return the word that the mount option and the file `version` use}
    public String text() {
        return text;
    }

    /// Reads a value of the mount option `mmap`.
    ///
    /// @param text the value
    /// @return the mode
    /// @throws IllegalArgumentException there is none of that name
    public static MmapMode of(String text) {
        for (MmapMode mode : values()) {
            if (mode.text.equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("mmap mode: mmap=" + text + ", limit=auto, passthrough, cached or off");
    }
}
