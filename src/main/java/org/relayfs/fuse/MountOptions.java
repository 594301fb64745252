package org.relayfs.fuse;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.relayfs.tree.handler.HandlerLimits;

/// The options of a mount; immutable. The file system type is always `fuse.relayfs`, the source `relayfs`.
///
/// ```java
/// MountOptions options = MountOptions.defaults().withAllowOther(true).withMmap(MmapMode.CACHED);
/// ```
public final class MountOptions {
    private static final int DEFAULT_MAX_CHANNELS = 4096;
    private static final int DEFAULT_ROOT_MODE = 0755;
    private static final int MAX_THREADS = 64;
    private static final int DEFAULT_MAX_THREADS = 4;
    private static final Duration MAX_HANDLER_TIMEOUT = Duration.ofHours(1);

    // Changed only in a new copy, before anybody else sees it.
    private OptionalInt uid = OptionalInt.empty();
    private OptionalInt gid = OptionalInt.empty();
    private int rootMode = DEFAULT_ROOT_MODE;
    private int maxChannels = DEFAULT_MAX_CHANNELS;
    private int maxFiles = HandlerLimits.DEFAULT.maxFiles();
    private Duration handlerTimeout = Duration.ofMillis(HandlerLimits.DEFAULT.waitMs());
    private boolean allowOther;
    private boolean defaultPermissions;
    private boolean readOnly;
    private MmapMode mmap = MmapMode.AUTO;
    private int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, DEFAULT_MAX_THREADS);
    private boolean closeAtExit = true;
    private boolean adopt;
    private List<String> extra = List.of();

    private MountOptions() {}

    private MountOptions with(Consumer<MountOptions> change) {
        MountOptions copy = new MountOptions();
        copy.uid = uid;
        copy.gid = gid;
        copy.rootMode = rootMode;
        copy.maxChannels = maxChannels;
        copy.maxFiles = maxFiles;
        copy.handlerTimeout = handlerTimeout;
        copy.allowOther = allowOther;
        copy.defaultPermissions = defaultPermissions;
        copy.readOnly = readOnly;
        copy.mmap = mmap;
        copy.threads = threads;
        copy.closeAtExit = closeAtExit;
        copy.adopt = adopt;
        copy.extra = extra;
        change.accept(copy);
        return copy;
    }

    /// {@return the defaults: the files belong to the mounting user, who alone may use them; permissions
    /// checked by relayfs; writable; the best mmap; 4096 channel directories; 2 to 4 threads}
    public static MountOptions defaults() {
        return new MountOptions();
    }

    /// Sets the owner of the files.
    ///
    /// @param owner user id
    /// @return a copy with that
    public MountOptions withUid(int owner) {
        return with(copy -> copy.uid = OptionalInt.of(owner));
    }

    /// {@return the owner of the files; empty: the user of this process}
    public OptionalInt uid() {
        return uid;
    }

    /// Sets the group of the files.
    ///
    /// @param group group id
    /// @return a copy with that
    public MountOptions withGid(int group) {
        return with(copy -> copy.gid = OptionalInt.of(group));
    }

    /// {@return the group of the files; empty: that of this process}
    public OptionalInt gid() {
        return gid;
    }

    /// Sets the permissions of the root directory.
    ///
    /// @param mode permission bits, at most 0777
    /// @return a copy with that
    /// @throws IllegalArgumentException other bits
    public MountOptions withRootMode(int mode) {
        if ((mode & ~0777) != 0) {
            throw new IllegalArgumentException("root mode: mode=" + Integer.toOctalString(mode) + ", limit=0 to 777");
        }
        return with(copy -> copy.rootMode = mode);
    }

    /// {@return permission bits of the root directory; 0755 by default}
    public int rootMode() {
        return rootMode;
    }

    /// Limits the number of channel directories; beyond it, `mkdir` and `control` fail with ENOSPC. Channels
    /// of the API count, but are not refused.
    ///
    /// @param count 1 or more
    /// @return a copy with that
    /// @throws IllegalArgumentException less
    public MountOptions withMaxChannels(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("channel directories: nr_channels=" + count + ", limit=1 or more");
        }
        return with(copy -> copy.maxChannels = count);
    }

    /// {@return the limit on channel directories for `mkdir` and `control`}
    public int maxChannels() {
        return maxChannels;
    }

    /// Limits the number of files and directories that the program puts into the mount ([RelayMount#files]).
    ///
    /// @param count 1 or more
    /// @return a copy with that
    /// @throws IllegalArgumentException less
    public MountOptions withMaxFiles(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("files of the program: count=" + count + ", limit=1 or more");
        }
        return with(copy -> copy.maxFiles = count);
    }

    /// {@return the limit on files and directories of the program; 4096 by default}
    public int maxFiles() {
        return maxFiles;
    }

    /// Limits the time that a client waits for a handler of one of the program's files. Then its call fails
    /// with EIO.
    ///
    /// @param timeout 1 ms to 1 hour; less than a millisecond is left out
    /// @return a copy with that
    /// @throws IllegalArgumentException out of range
    public MountOptions withHandlerTimeout(Duration timeout) {
        if (timeout.toMillis() < 1 || timeout.compareTo(MAX_HANDLER_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "handler timeout: value=" + timeout + ", limit=1 ms to " + MAX_HANDLER_TIMEOUT.toHours() + " h");
        }
        return with(copy -> copy.handlerTimeout = timeout);
    }

    /// {@return how long a client waits for a handler; 5 s by default}
    public Duration handlerTimeout() {
        return handlerTimeout;
    }

    /// Lets other users in, as far as the file modes allow.
    ///
    /// @param allow true: other users too
    /// @return a copy with that
    public MountOptions withAllowOther(boolean allow) {
        return with(copy -> copy.allowOther = allow);
    }

    /// {@return true when other users than the mounting one may use the mount}
    public boolean allowOther() {
        return allowOther;
    }

    /// Sets whether the kernel checks permissions.
    ///
    /// @param kernel true: the kernel, in place of relayfs
    /// @return a copy with that
    public MountOptions withDefaultPermissions(boolean kernel) {
        return with(copy -> copy.defaultPermissions = kernel);
    }

    /// {@return true when the kernel checks permissions in place of relayfs}
    public boolean defaultPermissions() {
        return defaultPermissions;
    }

    /// Forbids changes.
    ///
    /// @param only true: nothing can be written, created or changed through the mount
    /// @return a copy with that
    public MountOptions withReadOnly(boolean only) {
        return with(copy -> copy.readOnly = only);
    }

    /// {@return true when nothing can be changed through the mount}
    public boolean readOnly() {
        return readOnly;
    }

    /// Sets how relay files are mapped.
    ///
    /// @param mode the mode
    /// @return a copy with that
    public MountOptions withMmap(MmapMode mode) {
        Objects.requireNonNull(mode, "mmap");
        return with(copy -> copy.mmap = mode);
    }

    /// {@return how relay files are mapped}
    public MmapMode mmap() {
        return mmap;
    }

    /// Sets the number of threads that answer requests.
    ///
    /// @param count session threads, 1 to 64
    /// @return a copy with that
    /// @throws IllegalArgumentException out of range
    public MountOptions withThreads(int count) {
        if (count < 1 || count > MAX_THREADS) {
            throw new IllegalArgumentException("session threads: threads=" + count + ", limit=1 to " + MAX_THREADS);
        }
        return with(copy -> copy.threads = count);
    }

    /// {@return the number of threads that answer requests}
    public int threads() {
        return threads;
    }

    /// Says what becomes of the mount when the JVM ends before the program has closed it.
    ///
    /// @param close true: a shutdown hook closes the mount and the relay; false: that is the program's own
    ///              affair
    /// @return a copy with that
    public MountOptions withCloseAtExit(boolean close) {
        return with(copy -> copy.closeAtExit = close);
    }

    /// {@return true when a shutdown hook closes the mount and the relay}
    public boolean closeAtExit() {
        return closeAtExit;
    }

    /// Says what becomes of the shared memory that processes of this user have left who were killed while they
    /// served a mount on the same folder.
    ///
    /// @param takeOver true: the relay takes their channels over once the mount answers, see
    ///                 [org.relayfs.Relay#adopt]; [RelayMount#adoptions] tells which; false: it stays where it is
    /// @return a copy with that
    public MountOptions withAdopt(boolean takeOver) {
        return with(copy -> copy.adopt = takeOver);
    }

    /// {@return true when channels are taken over that dead processes have left; false by default}
    public boolean adopt() {
        return adopt;
    }

    /// Passes on further options, written as after `-o`: `nonempty`, for example.
    ///
    /// @param options for libfuse or the kernel
    /// @return a copy with these and no others
    public MountOptions withExtra(List<String> options) {
        List<String> handedOn = List.copyOf(options);
        return with(copy -> copy.extra = handedOn);
    }

    /// {@return further options for libfuse or the kernel}
    public List<String> extra() {
        return extra;
    }
}
