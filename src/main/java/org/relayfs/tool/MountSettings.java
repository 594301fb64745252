package org.relayfs.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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
    /// An option of FUSE that goes to it as it is.
    private static final Set<String> HANDED_ON = Set.of("allow_other", "default_permissions");

    private int uid = CurrentUser.uid();
    private int gid = CurrentUser.gid();
    private long quotaBytes;
    private int maxChannels;
    private String mmap = "auto";
    private final List<String> handedOn = new ArrayList<>();

    private MountSettings() {}

    static MountSettings of(List<String> options) throws ToolException {
        MountSettings settings = new MountSettings();
        for (String option : options) {
            int equals = option.indexOf('=');
            try {
                settings.take(equals < 0 ? option : option.substring(0, equals), option.substring(equals + 1));
            } catch (NumberFormatException e) {
                throw new ToolException(ExitCode.USAGE, "mount option " + option + ": not a number in range");
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
            case "mmap" -> mmap = value;
            default -> {
                if (HANDED_ON.contains(key)) {
                    handedOn.add(key);
                } else if (!SWALLOWED.contains(key) && !key.startsWith("x-") && !key.isEmpty()) {
                    throw new ToolException(
                            ExitCode.USAGE,
                            "unknown mount option " + key
                                    + "; there are uid, gid, size, nr_channels, mmap, allow_other, default_permissions");
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

    /// Bytes that all channels together may take; 0: as many as there is memory for.
    long quotaBytes() {
        return quotaBytes;
    }

    /// How many channels there may be; 0: the usual number.
    int maxChannels() {
        return maxChannels;
    }

    String mmap() {
        return mmap;
    }

    List<String> handedOn() {
        return List.copyOf(handedOn);
    }
}
