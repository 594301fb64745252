package org.relayfs;

/// The settings of a channel; immutable. Defaults: no-overwrite, one buffer a CPU, no header, base name `cpu`, file mode
/// 0400.
///
/// @param subBufferSize  S in bytes, 1 to 2 GiB; S times N at most 2 GiB
/// @param subBufferCount N, 1 to 524,288
/// @param mode           what happens when a buffer is full
/// @param global         true: one buffer for all CPUs
/// @param paddingHeader  true: the first 8 bytes of a sub-buffer are reserved and hold its padding
/// @param baseName       file names are this and the CPU number
/// @param fileMode       permission bits of the relay files
/// @param callbacks      client callbacks, or null for the built-in behaviour
/// @param privateData    the client's own, or null
public record ChannelConfig(
        long subBufferSize,
        int subBufferCount,
        ChannelMode mode,
        boolean global,
        boolean paddingHeader,
        String baseName,
        int fileMode,
        ChannelCallbacks callbacks,
        Object privateData) {

    /// The defaults of DESIGN: 256 KiB.
    public static final long DEFAULT_SUB_BUFFER_SIZE = 262144;

    /// 8 sub-buffers.
    public static final int DEFAULT_SUB_BUFFER_COUNT = 8;

    /// @param subBufferSize  S in bytes
    /// @param subBufferCount N
    /// @return a configuration with defaults for the rest
    public static ChannelConfig of(long subBufferSize, int subBufferCount) {
        return new ChannelConfig(
                subBufferSize, subBufferCount, ChannelMode.NO_OVERWRITE, false, false, "cpu", 0400, null, null);
    }
    // withMode(..), withGlobal(..), withPaddingHeader(..), withBaseName(..), withFileMode(..), withCallbacks(..),
    // withPrivateData(..) follow
    public ChannelConfig withMode(ChannelMode m) { throw new UnsupportedOperationException(); }
    public ChannelConfig withGlobal(boolean g) { throw new UnsupportedOperationException(); }
    public ChannelConfig withPaddingHeader(boolean p) { throw new UnsupportedOperationException(); }
    public ChannelConfig withBaseName(String b) { throw new UnsupportedOperationException(); }
    public ChannelConfig withFileMode(int m) { throw new UnsupportedOperationException(); }
    public ChannelConfig withCallbacks(ChannelCallbacks c) { throw new UnsupportedOperationException(); }
    public ChannelConfig withPrivateData(Object o) { throw new UnsupportedOperationException(); }
}
