package org.relayfs.tool.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.linux.MemoryCgroup;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.Suggestion;
import org.relayfs.tool.cli.ToolException;

/// The settings in the options of `-o`. Options that mount(8) passes to every helper and that have no meaning here
/// are ignored; unknown ones are refused.
public final class MountSettings {
    private static final Set<String> SWALLOWED = Set.of(
            "defaults",
            "rw",
            "auto",
            "noauto",
            "user",
            "nouser",
            "users",
            "owner",
            "group",
            "nofail",
            "_netdev",
            "dev",
            "nodev",
            "suid",
            "nosuid",
            "exec",
            "noexec",
            "atime",
            "noatime",
            "relatime",
            "norelatime",
            "diratime",
            "nodiratime",
            "strictatime",
            "async",
            "sync",
            "dirsync",
            "lazytime",
            "nolazytime",
            "iversion",
            "noiversion",
            "mand",
            "nomand",
            "silent",
            "loud",
            "symfollow",
            "nosymfollow",
            "comment");

    /// What mount(8) calls its `-s`: unknown options are ignored, too.
    private static final String SLOPPY = "sloppy";

    private static final long MAX_ID = 0xffff_fffeL;
    /// A process cannot map more.
    private static final long MAX_BYTES = 1L << 47;

    private static final int MAX_THREADS = 64;
    private static final Path MEMORY = Path.of("/dev/shm");

    /// Our own, in the order of the manual page.
    static final List<String> KNOWN = List.of(
            "uid",
            "gid",
            "mode",
            "size",
            "nr_channels",
            "mmap",
            "threads",
            "adopt",
            "ro",
            "allow_other",
            "default_permissions",
            "auto_unmount",
            "nonempty");

    private long quotaBytes;
    private MountOptions mount = MountOptions.defaults();
    private Optional<String> adopt = Optional.empty();
    private boolean sloppy;

    private MountSettings() {}

    public static MountSettings of(List<String> options) throws ToolException {
        MountSettings settings = new MountSettings();
        settings.sloppy = options.contains(SLOPPY);
        for (String option : options) {
            int equals = option.indexOf('=');
            try {
                settings.take(
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1));
            } catch (IllegalArgumentException e) {
                throw new ToolException(ExitCode.USAGE, "mount option " + option + ": " + e.getMessage());
            }
        }
        return settings;
    }

    private void take(String key, String value) throws ToolException {
        switch (key) {
            case "uid" -> mount = mount.withUid(number(value, 10, 0, MAX_ID, "id -u USER prints it"));
            case "gid" -> mount = mount.withGid(number(value, 10, 0, MAX_ID, "getent group GROUP prints it"));
            case "mode" ->
                mount = mount.withRootMode(number(value, 8, 0, 0777, "write it in octal, as chmod takes it"));
            case "size" -> quotaBytes = bytes(value);
            case "nr_channels" ->
                mount = mount.withMaxChannels(number(value, 10, 1, Integer.MAX_VALUE, "omit it for 4096"));
            case "mmap" -> mount = mount.withMmap(MmapMode.of(value));
            case "threads" -> mount = mount.withThreads(number(value, 10, 1, MAX_THREADS, "omit it"));
            case "adopt" -> adopt = Optional.of(value);
            case "ro" -> mount = mount.withReadOnly(true);
            case "allow_other" -> mount = mount.withAllowOther(true);
            case "default_permissions" -> mount = mount.withDefaultPermissions(true);
            case "auto_unmount", "nonempty" -> addExtra(key);
            default -> {
                if (!sloppy && !isSwallowed(key)) {
                    throw new ToolException(
                            ExitCode.USAGE,
                            "unknown mount option " + key + Suggestion.of(key, KNOWN) + "; the options are "
                                    + String.join(", ", KNOWN));
                }
            }
        }
    }

    private static boolean isSwallowed(String key) {
        return SWALLOWED.contains(key) || key.startsWith("x-") || key.startsWith("X-") || key.isEmpty();
    }

    private void addExtra(String option) {
        List<String> extra = new ArrayList<>(mount.extra());
        extra.add(option);
        mount = mount.withExtra(extra);
    }

    private static int number(String text, int radix, long min, long max, String remedy) {
        return (int) longNumber(text, radix, min, max, remedy);
    }

    private static long longNumber(String text, int radix, long min, long max, String remedy) {
        long number;
        try {
            number = Long.parseLong(text, radix);
        } catch (NumberFormatException e) {
            number = -1;
        }
        if (number < min || number > max || text.startsWith("+")) {
            throw new IllegalArgumentException(
                    "limit=" + Long.toString(min, radix) + " to " + Long.toString(max, radix) + "; " + remedy);
        }
        return number;
    }

    /// `64M`: a number with K, M or G.
    private static long bytes(String text) {
        String number = text.toUpperCase(Locale.ROOT);
        int unit = number.isEmpty() ? -1 : "KMG".indexOf(number.charAt(number.length() - 1));
        int shift = 10 * (unit + 1);
        String digits = unit < 0 ? number : number.substring(0, number.length() - 1);
        return longNumber(digits, 10, 1, MAX_BYTES >> shift, "bytes, or with K, M or G, as in size=512M") << shift;
    }

    /// Bytes that all channels together may take. Unless it was chosen: half of the shared memory, or what the memory
    /// control group leaves when the heap has grown to its limit, if that is less.
    long quotaBytes() {
        if (quotaBytes > 0) {
            return quotaBytes;
        }
        long half = MEMORY.toFile().getTotalSpace() / 2;
        long heapGrowth =
                Runtime.getRuntime().maxMemory() - Runtime.getRuntime().totalMemory();
        return MemoryCgroup.tightest()
                .map(group -> Math.clamp(group.left() - heapGrowth, 0, half))
                .orElse(half);
    }

    /// Whether to take over what dead processes have left: the folder to be taken over, or an empty text for
    /// those that were mounted here.
    Optional<String> adopt() {
        return adopt;
    }

    MountOptions mount() {
        return mount;
    }
}
