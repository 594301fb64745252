package org.relayfs;

import java.util.Objects;
import org.relayfs.layout.Geometry;
import org.relayfs.ring.ChannelShape;

/// The settings of a channel; immutable. Defaults: no-overwrite, one buffer a CPU, no header, base name `cpu`, file
/// mode 0400, no callbacks, stalled writers given up after a second.
///
/// @param subBufferSize  S in bytes; S times N is 1 to 2 GiB
/// @param subBufferCount N, 1 to 524,288
/// @param mode           what happens when a buffer is full
/// @param global         true: one buffer for all CPUs
/// @param paddingHeader  true: the first 8 bytes of a sub-buffer are reserved and hold its padding
/// @param baseName       file names are this and the CPU number
/// @param fileMode       permission bits of the relay files
/// @param callbacks      client callbacks, or null for the built-in behaviour
/// @param privateData    the client's own, or null
/// @param abandonAfterMs after how many milliseconds without progress a stalled writer's bytes are given up, 1 to
///     3,600,000
public record ChannelConfig(
        long subBufferSize,
        int subBufferCount,
        ChannelMode mode,
        boolean global,
        boolean paddingHeader,
        String baseName,
        int fileMode,
        ChannelCallbacks callbacks,
        Object privateData,
        long abandonAfterMs) {
    /// 256 KiB.
    public static final long DEFAULT_SUB_BUFFER_SIZE = 262_144;

    /// Sub-buffers of a buffer.
    public static final int DEFAULT_SUB_BUFFER_COUNT = 8;

    /// Grammar of base names and of each component of a channel's name.
    static final String NAME_PATTERN = "[A-Za-z0-9_][A-Za-z0-9._-]{0,63}";

    private static final int PADDING_HEADER_LENGTH = 8;
    private static final long MAX_ABANDON_AFTER_MS = 3_600_000;

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException a value is out of range; the message names value and limit
    public ChannelConfig {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(baseName, "baseName");
        new Geometry(subBufferSize, subBufferCount, paddingHeader ? PADDING_HEADER_LENGTH : 0);
        if (!baseName.matches(NAME_PATTERN)) {
            throw new IllegalArgumentException("base name: base=" + baseName + ", limit=" + NAME_PATTERN);
        }
        if ((fileMode & ~0777) != 0) {
            throw new IllegalArgumentException(
                    "file mode: file_mode=" + Integer.toOctalString(fileMode) + ", limit=0..777");
        }
        if (callbacks != null && paddingHeader) {
            throw new IllegalArgumentException(
                    "header: header=padding cannot be joined with callbacks; reserve the header in onSubBufferStart");
        }
        if (abandonAfterMs < 1 || abandonAfterMs > MAX_ABANDON_AFTER_MS) {
            throw new IllegalArgumentException(
                    "abandon after: ms=" + abandonAfterMs + ", limit=1.." + MAX_ABANDON_AFTER_MS);
        }
    }

    /// {@return a configuration with defaults for the rest}
    ///
    /// @param subBufferSize  S in bytes
    /// @param subBufferCount N
    /// @throws IllegalArgumentException a value is out of range
    public static ChannelConfig of(long subBufferSize, int subBufferCount) {
        return new ChannelConfig(
                subBufferSize, subBufferCount, ChannelMode.NO_OVERWRITE, false, false, "cpu", 0400, null, null, 1000);
    }

    /// {@return a copy with it}
    ///
    /// @param value what happens when a buffer is full
    public ChannelConfig withMode(ChannelMode value) {
        return new ChannelConfig(
                subBufferSize,
                subBufferCount,
                value,
                global,
                paddingHeader,
                baseName,
                fileMode,
                callbacks,
                privateData,
                abandonAfterMs);
    }

    /// {@return a copy with it}
    ///
    /// @param value true for one buffer for all CPUs
    public ChannelConfig withGlobal(boolean value) {
        return new ChannelConfig(
                subBufferSize,
                subBufferCount,
                mode,
                value,
                paddingHeader,
                baseName,
                fileMode,
                callbacks,
                privateData,
                abandonAfterMs);
    }

    /// {@return a copy with it}
    ///
    /// @param value true to reserve the first 8 bytes of a sub-buffer for its padding
    public ChannelConfig withPaddingHeader(boolean value) {
        return new ChannelConfig(
                subBufferSize,
                subBufferCount,
                mode,
                global,
                value,
                baseName,
                fileMode,
                callbacks,
                privateData,
                abandonAfterMs);
    }

    /// {@return a copy with it}
    ///
    /// @param value what file names begin with
    public ChannelConfig withBaseName(String value) {
        return new ChannelConfig(
                subBufferSize,
                subBufferCount,
                mode,
                global,
                paddingHeader,
                value,
                fileMode,
                callbacks,
                privateData,
                abandonAfterMs);
    }

    /// {@return a copy with it}
    ///
    /// @param value permission bits of the relay files
    public ChannelConfig withFileMode(int value) {
        return new ChannelConfig(
                subBufferSize,
                subBufferCount,
                mode,
                global,
                paddingHeader,
                baseName,
                value,
                callbacks,
                privateData,
                abandonAfterMs);
    }

    /// {@return a copy with it}
    ///
    /// @param value client callbacks, or null
    public ChannelConfig withCallbacks(ChannelCallbacks value) {
        return new ChannelConfig(
                subBufferSize,
                subBufferCount,
                mode,
                global,
                paddingHeader,
                baseName,
                fileMode,
                value,
                privateData,
                abandonAfterMs);
    }

    /// {@return a copy with it}
    ///
    /// @param value the client's own, or null
    public ChannelConfig withPrivateData(Object value) {
        return new ChannelConfig(
                subBufferSize,
                subBufferCount,
                mode,
                global,
                paddingHeader,
                baseName,
                fileMode,
                callbacks,
                value,
                abandonAfterMs);
    }

    /// {@return a copy with it}
    ///
    /// @param value after how many milliseconds a stalled writer's bytes are given up
    public ChannelConfig withAbandonAfterMs(long value) {
        return new ChannelConfig(
                subBufferSize,
                subBufferCount,
                mode,
                global,
                paddingHeader,
                baseName,
                fileMode,
                callbacks,
                privateData,
                value);
    }

    /// {@return what of it the memory depends on}
    ChannelShape shape() {
        return new ChannelShape(
                new Geometry(subBufferSize, subBufferCount, paddingHeader ? PADDING_HEADER_LENGTH : 0),
                mode == ChannelMode.OVERWRITE,
                global,
                callbacks,
                abandonAfterMs * 1_000_000);
    }
}
