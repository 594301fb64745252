package org.relayfs.tool;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.tree.TreeOptions;

/// What the options of `-o` ask for. Options that mount(8) hands to every helper, and that mean nothing here, are
/// swallowed; one that nobody knows is refused.
final class MountSettings {
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
            "sync");

    private static final String KNOWN =
            "uid, gid, size, nr_channels, mmap, threads, ro, allow_other, default_permissions, nonempty";

    private int uid = CurrentUser.uid();
    private int gid = CurrentUser.gid();
    private long quotaBytes = Long.MAX_VALUE;
    private int maxChannels = TreeOptions.DEFAULT_MAX_CHANNELS;
    private MountOptions mount = MountOptions.defaults();

    private MountSettings() {}

    static MountSettings of(List<String> options) throws ToolException {
        MountSettings settings = new MountSettings();
        for (String option : options) {
            int equals = option.indexOf('=');
            try {
                settings.take(equals < 0 ? option : option.substring(0, equals), option.substring(equals + 1));
            } catch (NumberFormatException e) {
                throw new ToolException(ExitCode.USAGE, "mount option " + option + ": not a number in range");
            } catch (IllegalArgumentException e) {
                throw new ToolException(ExitCode.USAGE, "mount option " + option + ": " + e.getMessage());
            }
        }
        return settings;
    }

    private void take(String key, String value) throws ToolException {
        switch (key) {
            case "uid" -> uid = Integer.parseUnsignedInt(value);
            case "gid" -> gid = Integer.parseUnsignedInt(value);
            case "size" -> quotaBytes = bytes(value);
            case "nr_channels" -> maxChannels = Integer.parseInt(value);
            case "mmap" -> mount = mount.withMmap(MmapMode.of(value));
            case "threads" -> mount = mount.withThreads(Integer.parseInt(value));
            case "ro" -> mount = mount.withReadOnly(true);
            case "allow_other" -> mount = mount.withAllowOther(true);
            case "default_permissions" -> mount = mount.withDefaultPermissions(true);
            case "nonempty" -> mount = mount.withExtra(List.of(key));
            default -> {
                if (!SWALLOWED.contains(key) && !key.startsWith("x-") && !key.isEmpty()) {
                    throw new ToolException(ExitCode.USAGE, "unknown mount option " + key + "; there are " + KNOWN);
                }
            }
        }
    }

    /// `64M`: a number with K, M or G.
    private static long bytes(String text) {
        String number = text.toUpperCase(Locale.ROOT);
        int unit = number.isEmpty() ? -1 : "KMG".indexOf(number.charAt(number.length() - 1));
        long count = Long.parseLong(unit < 0 ? number : number.substring(0, number.length() - 1));
        if (count <= 0 || count > Long.MAX_VALUE >> 40) {
            throw new NumberFormatException(text);
        }
        return count << (10 * (unit + 1));
    }

    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    /// Bytes that all channels together may take.
    long quotaBytes() {
        return quotaBytes;
    }

    /// How many channels there may be.
    int maxChannels() {
        return maxChannels;
    }

    MountOptions mount() {
        return mount;
    }
}
