package org.relayfs;

import java.util.Objects;
import java.util.function.Consumer;
import org.relayfs.buffer.ChannelName;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.Geometry;
import org.relayfs.ring.ChannelShape;

/// The settings of a channel; immutable. [#of] makes one; each of the `with` methods returns a changed copy and
/// throws [IllegalArgumentException] if a value is out of range, with a message that names value and limit.
///
/// Defaults: no-overwrite, one buffer per CPU, no header, files `cpu` and a number in the channel's own directory, file
/// mode 0400, no callbacks, stalled writers given up after a second.
public final class ChannelConfig {
    /// 256 KiB.
    public static final long DEFAULT_SUB_BUFFER_SIZE = 262_144;

    /// Sub-buffers of a buffer.
    public static final int DEFAULT_SUB_BUFFER_COUNT = 8;

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
        private int paddingHeader;
        private boolean events;
        private String baseName = "cpu";
        private String fileDirectory;
        private boolean numberedFiles = true;
        private boolean plainDirectory;
        private int fileMode = 0400;
        private ChannelCallbacks callbacks;
        private Object privateData;
        private long abandonAfterMs = 1000;

        Values(long subBufferSize, int subBufferCount) {
            this.subBufferSize = subBufferSize;
            this.subBufferCount = subBufferCount;
        }

        Values(Values other) {
            this(other, other.subBufferSize, other.subBufferCount);
        }

        Values(Values other, long subBufferSize, int subBufferCount) {
            this(subBufferSize, subBufferCount);
            mode = other.mode;
            global = other.global;
            paddingHeader = other.paddingHeader;
            events = other.events;
            baseName = other.baseName;
            fileDirectory = other.fileDirectory;
            numberedFiles = other.numberedFiles;
            plainDirectory = other.plainDirectory;
            fileMode = other.fileMode;
            callbacks = other.callbacks;
            privateData = other.privateData;
            abandonAfterMs = other.abandonAfterMs;
        }

        Geometry geometry() {
            return new Geometry(subBufferSize, subBufferCount, events ? EventLayout.SUB_BUFFER_SIZE : paddingHeader);
        }

        void check() {
            if (events && (paddingHeader != 0 || callbacks != null)) {
                throw new IllegalArgumentException("format: events cannot be combined with "
                        + (callbacks == null ? "a padding header of " + paddingHeader + " bytes" : "callbacks")
                        + ": each sub-buffer begins with an event");
            }
            if (events && plainDirectory) {
                throw new IllegalArgumentException("format: events cannot be combined with plain=1: the file metadata,"
                        + " which explains them, would not be there; leave plain out");
            }
            geometry();
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(baseName, "baseName");
            ChannelName.requireComponent("base", baseName);
            requireDirectory(fileDirectory);
            if (!numberedFiles && !global) {
                throw new IllegalArgumentException("file names: numbered=0 with global=0, limit=global=1: the files of"
                        + " several buffers need different names");
            }
            if ((fileMode & ~0777) != 0) {
                throw new IllegalArgumentException(
                        "file mode: file_mode=" + Integer.toOctalString(fileMode) + ", limit=0..777");
            }
            if (callbacks != null && paddingHeader != 0) {
                throw new IllegalArgumentException("header: a padding header of " + paddingHeader
                        + " bytes cannot be combined with callbacks; reserve" + " the header in onSubBufferStart");
            }
            if (abandonAfterMs < 1 || abandonAfterMs > MAX_ABANDON_AFTER_MS) {
                throw new IllegalArgumentException(
                        "abandon after: ms=" + abandonAfterMs + ", limit=1.." + MAX_ABANDON_AFTER_MS);
            }
        }
    }

    private static void requireDirectory(String directory) {
        if (directory == null || directory.equals("/")) {
            return;
        }
        if (!directory.startsWith("/")) {
            throw new IllegalArgumentException("files: value=\"" + directory
                    + "\", limit=a path from the root of the mount; write / or, for example, /block/sda");
        }
        for (String component : directory.substring(1).split("/", -1)) {
            ChannelName.requireComponent("files", component);
        }
    }

    private ChannelConfig with(Consumer<Values> change) {
        Values changed = new Values(values);
        change.accept(changed);
        return new ChannelConfig(changed);
    }

    /// {@return a copy with another geometry}
    ///
    /// @param subBufferSize  S in bytes; S times N is 1 to 2 GiB
    /// @param subBufferCount N, 1 to 524,288
    ChannelConfig withGeometry(long subBufferSize, int subBufferCount) {
        return new ChannelConfig(new Values(values, subBufferSize, subBufferCount));
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

    /// {@return how many bytes at the start of each sub-buffer are reserved and hold its padding: 0, 4 or 8}
    public int paddingHeader() {
        return values.paddingHeader;
    }

    /// {@return a copy with another header for mmap readers: a native number in the first bytes of each sub-buffer,
    /// which is 0 while the sub-buffer is open, and the number of unused bytes at its end afterwards}
    ///
    /// @param bytes of the number, to be reserved in each sub-buffer: 8 as relay-apps expect it (`size_t`), 4 as
    ///     systemtap's stpd and the kernel's documentation have it (`unsigned`), or 0 for no header; less than S-1,
    ///     and 0 with callbacks
    /// @throws IllegalArgumentException it is another number, or does not fit
    public ChannelConfig withPaddingHeader(int bytes) {
        return with(v -> v.paddingHeader = bytes);
    }

    /// {@return true for a channel of events}
    public boolean events() {
        return values.events;
    }

    /// {@return a copy for events, or for records: an event has a time, a type and a thread, and tools that read CTF
    /// know what is in the relay files. What is written as bytes becomes an event of the type `bytes`, at most
    /// S-96 bytes and 1 MiB-1; what is written to files, of the type `text`}
    ///
    /// @param value true for events; S is then 256 or more, and there are neither padding header nor callbacks
    /// @throws IllegalArgumentException they do not fit together
    public ChannelConfig withEvents(boolean value) {
        return with(v -> v.events = value);
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

    /// {@return the directory of the relay files: an absolute path inside the mount, or null for the channel's own}
    public String fileDirectory() {
        return values.fileDirectory;
    }

    /// {@return a copy whose relay files are in another directory: the root, another channel's, the program's, or
    /// one that is made for them and goes with the last of them} The channel's own directory keeps its control
    /// files. Callbacks may choose another place for each file, see [ChannelCallbacks#onCreateBufferFile].
    ///
    /// @param value `/`, or an absolute path inside the mount such as `/block/sda`, of components as those of a
    ///     channel's name; null for the channel's own directory
    /// @throws IllegalArgumentException it is no such path
    public ChannelConfig withFileDirectory(String value) {
        return with(v -> v.fileDirectory = value);
    }

    /// {@return false when the only file of a global channel has the base name and no number behind it}
    public boolean numberedFiles() {
        return values.numberedFiles;
    }

    /// {@return a copy whose files have the number of their CPU behind the base name, or have not}
    ///
    /// @param value true for the number; false for the base name alone, in a global channel
    /// @throws IllegalArgumentException false, and the channel is not global
    public ChannelConfig withNumberedFiles(boolean value) {
        return with(v -> v.numberedFiles = value);
    }

    /// {@return true when the channel's directory has no control files, and its relay files no counters beside them}
    public boolean plainDirectory() {
        return values.plainDirectory;
    }

    /// {@return a copy with or without a plain directory, for readers that open every file that they find}
    ///
    /// @param value true for relay files only: no control files in the channel's directory, and no counters beside
    ///     the relay files. Such a channel is steered by its program and by the root's `control`. A directory that
    ///     has control files already keeps them
    public ChannelConfig withPlainDirectory(boolean value) {
        return with(v -> v.plainDirectory = value);
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
