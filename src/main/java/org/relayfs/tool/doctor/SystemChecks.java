package org.relayfs.tool.doctor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.relayfs.linux.SearchPath;

/// The checks for what relayfs needs from the system, for this user.
public final class SystemChecks {
    private static final String LIBRARY = "libfuse.so.2";
    private static final Path CPUS = Path.of("/sys/devices/system/cpu");
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    private SystemChecks() {}

    /// One look at the system, which may itself be impossible there.
    @FunctionalInterface
    private interface Check {
        Optional<Finding> look() throws IOException;
    }

    /// What keeps a mount from working, with the remedy, in one line.
    ///
    /// @param options those of the mount
    /// @return nothing when the system has what it needs
    public static Optional<String> obstacle(List<String> options) {
        return obstacleIn(all(options));
    }

    static Optional<String> obstacleIn(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.level() == Finding.Level.BAD)
                .map(finding -> finding.text() + "; remedy: " + finding.remedy())
                .findFirst();
    }

    /// @param options those of the mount
    static List<Finding> all(List<String> options) {
        List<Check> checks = List.of(
                SystemChecks::java,
                RightsChecks::device,
                RightsChecks::rights,
                RightsChecks::unmounting,
                RightsChecks::privileges,
                RightsChecks::name,
                () -> FuseConf.check(options),
                SystemChecks::library,
                SystemChecks::programs,
                SystemChecks::cpus,
                SystemChecks::mapping,
                MemoryChecks::memory,
                MemoryChecks::folder);
        List<Finding> findings = new ArrayList<>();
        for (Check check : checks) {
            try {
                check.look().ifPresent(findings::add);
            } catch (IOException | RuntimeException e) {
                findings.add(Finding.note(
                        "system", "cannot be looked at: " + e.getMessage(), "mount all of /proc, /sys and /dev"));
            }
        }
        return findings;
    }

    private static Optional<Finding> java() {
        return Optional.of(
                Finding.ok("java", System.getProperty("java.version") + ", " + System.getProperty("java.home")));
    }

    private static Optional<Finding> library() {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(LIBRARY, arena);
            return Optional.of(Finding.ok("library", LIBRARY + " is there"));
        } catch (IllegalArgumentException e) {
            return Optional.of(Finding.bad(
                    "library", LIBRARY + " cannot be loaded", "install the package libfuse2t64 or libfuse2"));
        }
    }

    /// Those that start a daemon.
    private static Optional<Finding> programs() {
        List<String> missing = Stream.of("sh", "setsid", "grep")
                .filter(program -> SearchPath.find(program).isEmpty())
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.bad(
                        "programs",
                        "missing: " + String.join(", ", missing),
                        "install the packages util-linux and grep, or serve the mount with relayfs mount -f"));
    }

    private static Optional<Finding> cpus() {
        return Files.isReadable(CPUS.resolve("online")) && Files.isReadable(CPUS.resolve("possible"))
                ? Optional.empty()
                : Optional.of(Finding.bad(
                        "cpus", CPUS + " does not say which CPUs there are", "as root: mount -t sysfs sysfs /sys"));
    }

    private static Optional<Finding> mapping() throws IOException {
        String release = System.getProperty("os.version");
        if (isAtLeast(release, 6, 9) && RightsChecks.hasAdminCapability()) {
            return Optional.of(Finding.ok("mmap", "Linux " + release + " can map buffers directly"));
        }
        String why = isAtLeast(release, 6, 9) ? " without CAP_SYS_ADMIN" : "";
        String how = isAtLeast(release, 6, 6) ? "" : ", by private mappings only";
        return Optional.of(Finding.note(
                "mmap",
                "Linux " + release + why + " maps buffers through its page cache" + how,
                "none needed; direct mapping requires Linux 6.9 and root"));
    }

    static boolean isAtLeast(String release, int major, int minor) {
        Matcher version = VERSION.matcher(release);
        if (!version.matches()) {
            return false;
        }
        int ours = Integer.parseInt(version.group(1));
        return ours > major || ours == major && Integer.parseInt(version.group(2)) >= minor;
    }
}
