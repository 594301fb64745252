package org.relayfs;

import java.util.Objects;
import java.util.function.Consumer;
import org.relayfs.buffer.ChannelName;
import org.relayfs.layout.Geometry;
import org.relayfs.ring.ChannelShape;

/// The settings of a channel; immutable. [#of] makes one; each of the `with` methods returns a changed copy and
/// throws [IllegalArgumentException] if a value is out of range, with a message that names value and limit.
///
/// Defaults: no-overwrite, one buffer per CPU, no header, base name `cpu`, file mode 0400, no callbacks, stalled
/// writers given up after a second.
public final class ChannelConfig {
    /// 256 KiB.
    public static final long DEFAULT_SUB_BUFFER_SIZE = 262_144;

    /// Sub-buffers of a buffer.
    public static final int DEFAULT_SUB_BUFFER_COUNT = 8;

    private static final int PADDING_HEADER_LENGTH = 8;
    private static final long MAX_ABANDON_AFTER_MS = 3_600_000;

    private final Values values;

    private ChannelConfig(Values values) {
        values.check();
        this.values = values;
    }

    /// {@return a configuration with defaults for the rest}
    ///
    /// @param subBufferSize  S in bytes; S times N is 1 to 2 GiB
    /// @param subBufferCount N, 1 to 524,288
    /// @throws IllegalArgumentException a value is out of range
    public static ChannelConfig of(long subBufferSize, int subBufferCount) {
        return new ChannelConfig(new Values(subBufferSize, subBufferCount));
    }

    /// The values. Only their creator changes them, before they belong to a configuration.
    private static final class Values {
        private final long subBufferSize;
        private final int subBufferCount;
        private ChannelMode mode = ChannelMode.NO_OVERWRITE;
        private boolean global;
        private boolean paddingHeader;
        private String baseName = "cpu";
        private int fileMode = 0400;
        private ChannelCallbacks callbacks;
        private Object privateData;
        private long abandonAfterMs = 1000;

        Values(long subBufferSize, int subBufferCount) {
            this.subBufferSize = subBufferSize;
            this.subBufferCount = subBufferCount;
        }

        Values(Values other) {
            this(other.subBufferSize, other.subBufferCount);
            mode = other.mode;
            global = other.global;
            paddingHeader = other.paddingHeader;
            baseName = other.baseName;
            fileMode = other.fileMode;
            callbacks = other.callbacks;
            privateData = other.privateData;
            abandonAfterMs = other.abandonAfterMs;
        }

        Geometry geometry() {
            return new Geometry(subBufferSize, subBufferCount, paddingHeader ? PADDING_HEADER_LENGTH : 0);
        }

        void check() {
            geometry();
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(baseName, "baseName");
            ChannelName.requireComponent("base", baseName);
            if ((fileMode & ~0777) != 0) {
                throw new IllegalArgumentException(
                        "file mode: file_mode=" + Integer.toOctalString(fileMode) + ", limit=0..777");
            }
            if (callbacks != null && paddingHeader) {
                throw new IllegalArgumentException("header: header=padding cannot be combined with callbacks; reserve"
                        + " the header in onSubBufferStart");
            }
            if (abandonAfterMs < 1 || abandonAfterMs > MAX_ABANDON_AFTER_MS) {
                throw new IllegalArgumentException(
                        "abandon after: ms=" + abandonAfterMs + ", limit=1.." + MAX_ABANDON_AFTER_MS);
            }
        }
    }

    private ChannelConfig with(Consumer<Values> change) {
        Values changed = new Values(values);
        change.accept(changed);
        return new ChannelConfig(changed);
    }

    /// {@return S in bytes}
    public long subBufferSize() {
        return values.subBufferSize;
    }

    /// {@return N}
    public int subBufferCount() {
        return values.subBufferCount;
    }

    /// {@return what happens when a buffer is full}
    public ChannelMode mode() {
        return values.mode;
    }

    /// {@return a copy with another mode}
    ///
    /// @param value what happens when a buffer is full
    public ChannelConfig withMode(ChannelMode value) {
        return with(v -> v.mode = value);
    }

    /// {@return true for one buffer for all CPUs}
    public boolean global() {
        return values.global;
    }

    /// {@return a copy with one buffer for all CPUs, or one per CPU}
    ///
    /// @param value true for one buffer for all CPUs
    public ChannelConfig withGlobal(boolean value) {
        return with(v -> v.global = value);
    }

    /// {@return true when the first 8 bytes of each sub-buffer are reserved and hold its padding}
    public boolean paddingHeader() {
        return values.paddingHeader;
    }

    /// {@return a copy with or without the header of relay-apps' mmap readers}
    ///
    /// @param value true to reserve the first 8 bytes of each sub-buffer for its padding
    public ChannelConfig withPaddingHeader(boolean value) {
        return with(v -> v.paddingHeader = value);
    }

    /// {@return the prefix of file names; the CPU number follows}
    public String baseName() {
        return values.baseName;
    }

    /// {@return a copy with other file names}
    ///
    /// @param value the prefix of file names: `[A-Za-z0-9_][A-Za-z0-9._-]{0,63}`
    public ChannelConfig withBaseName(String value) {
        return with(v -> v.baseName = value);
    }

    /// {@return permission bits of the relay files}
    public int fileMode() {
        return values.fileMode;
    }

    /// {@return a copy with other permissions}
    ///
    /// @param value permission bits of the relay files, 0 to 0777
    public ChannelConfig withFileMode(int value) {
        return with(v -> v.fileMode = value);
    }

    /// {@return client callbacks, or null for the built-in behaviour}
    public ChannelCallbacks callbacks() {
        return values.callbacks;
    }

    /// {@return a copy with other callbacks}
    ///
    /// @param value client callbacks, or null for the built-in behaviour
    public ChannelConfig withCallbacks(ChannelCallbacks value) {
        return with(v -> v.callbacks = value);
    }

    /// {@return the client's own data, or null}
    public Object privateData() {
        return values.privateData;
    }

    /// {@return a copy with other client data}
    ///
    /// @param value the client's own, or null
    public ChannelConfig withPrivateData(Object value) {
        return with(v -> v.privateData = value);
    }

    /// {@return the milliseconds without progress after which a stalled writer's bytes are given up}
    public long abandonAfterMs() {
        return values.abandonAfterMs;
    }

    /// {@return a copy with another time limit for stalled writers}
    ///
    /// @param value milliseconds without progress after which a stalled writer's bytes are given up, 1 to 3,600,000
    public ChannelConfig withAbandonAfterMs(long value) {
        return with(v -> v.abandonAfterMs = value);
    }

    /// {@return the settings on which the memory depends}
    ChannelShape shape() {
        return new ChannelShape(
                values.geometry(),
                values.mode == ChannelMode.OVERWRITE,
                values.global,
                values.callbacks,
                values.abandonAfterMs * 1_000_000);
    }
}
