package org.relayfs.tool.doctor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.relayfs.memory.SharedFolder;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.CurrentUser;

/// The checks for what relayfs needs from the system, for this user.
final class SystemChecks {
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String LIBRARY = "libfuse.so.2";
    private static final int CAP_SYS_ADMIN = 21;
    private static final int SET_USER_ID = 04000;
    private static final long LITTLE_MEMORY = 16 << 20;
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    private final boolean root = CurrentUser.isRoot();

    List<Finding> all() throws IOException {
        return Stream.of(java(), device(), rights(), library(), programs(), mapping(), memory(), folder())
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Finding> java() {
        return Optional.of(
                Finding.ok("java", System.getProperty("java.version") + ", " + System.getProperty("java.home")));
    }

    private static Optional<Finding> device() throws IOException {
        try {
            FileChannel.open(DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    .close();
            return Optional.of(Finding.ok("device", DEVICE + " can be opened"));
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
                    "run relayfs as root, or let root allow it: chmod 666 " + DEVICE));
        }
    }

    private Optional<Finding> rights() throws IOException {
        if (root) {
            return Optional.of(
                    hasAdminCapability()
                            ? Finding.ok("rights", "root may mount")
                            : Finding.bad(
                                    "rights",
                                    "root without CAP_SYS_ADMIN may not mount",
                                    "start the container with that capability (--cap-add SYS_ADMIN)"));
        }
        for (String name : List.of("fusermount3", "fusermount")) {
            Optional<Path> helper = find(name);
            if (helper.isPresent()) {
                return Optional.of(helper(helper.get()));
            }
        }
        return Optional.of(Finding.bad(
                "rights", "there is no fusermount3, through which ordinary users mount", "install the package fuse3"));
    }

    private static Finding helper(Path helper) throws IOException {
        int mode = (Integer) Files.getAttribute(helper, "unix:mode");
        int owner = (Integer) Files.getAttribute(helper, "unix:uid");
        return (mode & SET_USER_ID) != 0 && owner == 0
                ? Finding.ok("rights", helper + " mounts for ordinary users")
                : Finding.bad("rights", helper + " is not set-user-id root", "as root: chmod u+s " + helper);
    }

    /// As the shell looks for it, and in folders that an ordinary user's PATH often leaves out.
    private static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
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

    private static Optional<Finding> programs() {
        List<String> missing = Stream.of("setsid", "umount")
                .filter(program -> find(program).isEmpty())
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.bad(
                        "programs",
                        "missing: " + String.join(", ", missing),
                        "install the packages util-linux and mount"));
    }

    private static Optional<Finding> mapping() throws IOException {
        String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        if (isAtLeast(release, 6, 9) && hasAdminCapability()) {
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

    private static boolean hasAdminCapability() throws IOException {
        return Files.readString(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .anyMatch(capabilities -> (capabilities >> CAP_SYS_ADMIN & 1) != 0);
    }

    private static Optional<Finding> memory() throws IOException {
        if (!Files.isDirectory(MEMORY) || !Files.isWritable(MEMORY)) {
            return Optional.of(Finding.bad(
                    "shared memory",
                    MEMORY + " is not a folder that this user can write to",
                    "as root: mount -t tmpfs -o mode=1777 tmpfs " + MEMORY));
        }
        FileStore store = Files.getFileStore(MEMORY);
        long free = store.getUsableSpace();
        String text = MEMORY + ": " + store.type() + ", " + ByteSize.text(free) + " of "
                + ByteSize.text(store.getTotalSpace()) + " free";
        if (!store.type().equals("tmpfs")) {
            return Optional.of(Finding.note(
                    "shared memory",
                    text + "; on a disk it is slow",
                    "as root: mount -t tmpfs -o mode=1777 tmpfs " + MEMORY));
        }
        return Optional.of(
                free < LITTLE_MEMORY
                        ? Finding.note("shared memory", text, "as root: mount -o remount,size=1G " + MEMORY)
                        : Finding.ok("shared memory", text));
    }

    /// Anybody could have made it first.
    private static Optional<Finding> folder() throws IOException {
        Path home = SharedFolder.ofUser(CurrentUser.uid());
        if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        boolean ours = Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)
                && (Integer) Files.getAttribute(home, "unix:uid", LinkOption.NOFOLLOW_LINKS) == CurrentUser.uid();
        if (!ours) {
            return Optional.of(Finding.bad(
                    "shared memory", home + " is not a folder of this user", "have root look at it and remove it"));
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(home));
        return mode.equals("rwx------")
                ? Optional.empty()
                : Optional.of(Finding.bad("shared memory", home + " is open to others: " + mode, "chmod 0700 " + home));
    }
}
