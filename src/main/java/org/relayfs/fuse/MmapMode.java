package org.relayfs.fuse;

/// The way in which relay files are mapped.
public enum MmapMode {
    /// [#PASSTHROUGH] where the kernel and the process's rights allow it, else [#CACHED].
    AUTO("auto"),
    /// The mapping is the ring itself: live, without a copy. Needs Linux 6.9 and CAP_SYS_ADMIN. The descriptor is
    /// seekable (the kernel allows no `FOPEN_NONSEEKABLE` here).
    PASSTHROUGH("passthrough"),
    /// The mapping shows the page cache, which is renewed for every sub-buffer produced. `st_size` is at least the
    /// length of the ring.
    CACHED("cached"),
    /// Relay files cannot be mapped.
    OFF("off");

    private final String text;

    MmapMode(String text) {
        this.text = text;
    }

    /// {@return the word used by the mount option and the file `version`}
    public String text() {
        return text;
    }

    /// Parses a value of the mount option `mmap`.
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
