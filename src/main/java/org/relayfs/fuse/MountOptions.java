package org.relayfs.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// How a tree is mounted; immutable. The file system type is always `fuse.relayfs`, the source `relayfs`.
///
/// @param allowOther         other users than the mounting one may use the mount, as the files' modes allow
/// @param defaultPermissions the kernel checks permissions (also supplementary groups) in place of the tree
/// @param readOnly           nothing can be written, created or changed through the mount
/// @param mmap               how relay files are mapped
/// @param threads            session threads, 1 to 64
/// @param extra              further options for libfuse or the kernel, each as it stands after `-o`
public record MountOptions(
        boolean allowOther,
        boolean defaultPermissions,
        boolean readOnly,
        MmapMode mmap,
        int threads,
        List<String> extra) {
    private static final int MAX_THREADS = 64;
    private static final int DEFAULT_MAX_THREADS = 4;

    /// Checks the values.
    public MountOptions {
        Objects.requireNonNull(mmap, "mmap");
        extra = List.copyOf(extra);
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("session threads: threads=" + threads + ", limit=1 to " + MAX_THREADS);
        }
    }

    /// {@return the mounting user only, checks by the tree, writable, the best mmap, 2 to 4 threads}
    public static MountOptions defaults() {
        int cpus = Runtime.getRuntime().availableProcessors();
        return new MountOptions(
                false, false, false, MmapMode.AUTO, Math.clamp(cpus, 2, DEFAULT_MAX_THREADS), List.of());
    }

    /// Lets other users in.
    ///
    /// @param allow true: other users too
    /// @return a copy with that
    public MountOptions withAllowOther(boolean allow) {
        return new MountOptions(allow, defaultPermissions, readOnly, mmap, threads, extra);
    }

    /// Says who checks permissions.
    ///
    /// @param kernel true: the kernel checks permissions
    /// @return a copy with that
    public MountOptions withDefaultPermissions(boolean kernel) {
        return new MountOptions(allowOther, kernel, readOnly, mmap, threads, extra);
    }

    /// Forbids changes.
    ///
    /// @param only true: read-only
    /// @return a copy with that
    public MountOptions withReadOnly(boolean only) {
        return new MountOptions(allowOther, defaultPermissions, only, mmap, threads, extra);
    }

    /// Says how relay files are mapped.
    ///
    /// @param mode the mode
    /// @return a copy with that
    public MountOptions withMmap(MmapMode mode) {
        return new MountOptions(allowOther, defaultPermissions, readOnly, mode, threads, extra);
    }

    /// Says how many requests are answered at a time.
    ///
    /// @param count session threads
    /// @return a copy with that
    public MountOptions withThreads(int count) {
        return new MountOptions(allowOther, defaultPermissions, readOnly, mmap, count, extra);
    }

    /// Hands further options on.
    ///
    /// @param options for libfuse or the kernel
    /// @return a copy with these
    public MountOptions withExtra(List<String> options) {
        return new MountOptions(allowOther, defaultPermissions, readOnly, mmap, threads, options);
    }

    /// @return the command line for libfuse
    public List<String> arguments() {
        List<String> options = new ArrayList<>(List.of(
                "fsname=relayfs",
                "subtype=relayfs",
                // What a name means, and what stat shows, is asked for every time: both change without the kernel.
                "entry_timeout=0",
                "attr_timeout=0",
                "negative_timeout=0",
                "use_ino",
                "hard_remove"));
        if (allowOther) {
            options.add("allow_other");
        }
        if (defaultPermissions) {
            options.add("default_permissions");
        }
        if (readOnly) {
            options.add("ro");
        }
        options.addAll(extra);
        return List.of("relayfs", "-o", String.join(",", options));
    }
}
