package org.relayfs.tool.doctor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.relayfs.linux.CurrentUser;
import org.relayfs.linux.Fusermount;
import org.relayfs.linux.SearchPath;

/// The checks for what this user needs in order to be allowed to mount.
final class RightsChecks {
    private static final String RIGHTS = "rights";
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final long DEVICE_NUMBER = 10 << 8 | 229;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int CAP_SYS_ADMIN = 21;
    private static final int SET_USER_ID = 04000;

    private RightsChecks() {}

    static Optional<Finding> device() throws IOException {
        try {
            FileChannel.open(DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    .close();
            long number = (Long) Files.getAttribute(DEVICE, "unix:rdev");
            return Optional.of(
                    number == DEVICE_NUMBER
                            ? Finding.ok("device", DEVICE + " can be opened")
                            : Finding.bad(
                                    "device",
                                    DEVICE + " is another device",
                                    "as root: rm " + DEVICE + " && mknod -m 666 " + DEVICE + " c 10 229"));
        } catch (NoSuchFileException e) {
            return Optional.of(Finding.bad(
                    "device",
                    "there is no " + DEVICE,
                    "as root: modprobe fuse; a container must be started with the device (--device /dev/fuse)"));
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "Permission denied" : e.getReason();
            return Optional.of(Finding.bad(
                    "device",
                    DEVICE + " cannot be opened: " + reason + " ("
                            + PosixFilePermissions.toString(Files.getPosixFilePermissions(DEVICE)) + " "
                            + Files.getOwner(DEVICE).getName() + ")",
                    CurrentUser.isRoot()
                            ? "start the container with the device (--device /dev/fuse)"
                            : "run relayfs as root, or let root allow it: chmod 666 " + DEVICE));
        }
    }

    static Optional<Finding> rights() throws IOException {
        if (CurrentUser.isRoot()) {
            return Optional.of(
                    hasAdminCapability()
                            ? Finding.ok(RIGHTS, "root may mount")
                            : Finding.bad(
                                    RIGHTS,
                                    "root without CAP_SYS_ADMIN may not mount",
                                    "start the container with that capability (--cap-add SYS_ADMIN)"));
        }
        Optional<Path> helper = SearchPath.find(Fusermount.THAT_MOUNTS);
        return Optional.of(
                helper.isPresent()
                        ? helper(helper.get())
                        : Finding.bad(
                                RIGHTS,
                                "there is no " + Fusermount.THAT_MOUNTS + ", through which ordinary users mount",
                                "install the package fuse3; where it has fusermount3 only, link fusermount to it"));
    }

    static Finding helper(Path helper) throws IOException {
        int mode = (Integer) Files.getAttribute(helper, "unix:mode");
        int owner = (Integer) Files.getAttribute(helper, "unix:uid");
        return (mode & SET_USER_ID) != 0 && owner == 0
                ? Finding.ok(RIGHTS, helper + " mounts for ordinary users")
                : Finding.bad(RIGHTS, helper + " is not set-user-id root", "as root: chmod u+s " + helper);
    }

    /// A mount that could not be ended is not made.
    static Optional<Finding> unmounting() {
        return Fusermount.obstacle().map(obstacle -> Finding.bad(RIGHTS, obstacle.text(), obstacle.remedy()));
    }

    /// What stops the set-user-id program that mounts for ordinary users.
    static Optional<Finding> privileges() throws IOException {
        if (CurrentUser.isRoot() || !status("NoNewPrivs:").equals("1")) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.bad(
                        RIGHTS,
                        "this process may gain no privileges (no_new_privs), so " + Fusermount.THAT_MOUNTS
                                + " cannot mount",
                        "start it without that (Docker: no-new-privileges, systemd: NoNewPrivileges=), or run relayfs as root"));
    }

    /// Java asks the C library for it, as fusermount does.
    static Optional<Finding> name() {
        if (CurrentUser.isRoot() || !"?".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        String uid = Integer.toUnsignedString(CurrentUser.uid());
        return Optional.of(Finding.bad(
                RIGHTS,
                "user " + uid + " has no name, and " + Fusermount.THAT_MOUNTS + " mounts for no user without one",
                "as root: useradd --uid " + uid + " NAME; or run relayfs as root"));
    }

    static boolean hasAdminCapability() throws IOException {
        return (Long.parseUnsignedLong(status("CapEff:"), 16) >> CAP_SYS_ADMIN & 1) != 0;
    }

    private static String status(String key) throws IOException {
        return Files.readString(STATUS)
                .lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElse("0");
    }
}
