package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.relayfs.linux.ProcessIdentity;

/// The process that `relayfs mount` has started for a mount point. An embedding program is not found. Of several the
/// latest serves the mount that is there: an earlier one may live on with a copy of its mount in another namespace.
///
/// It reads procfs itself: [ProcessHandle] does that through streams, which a short command would have to link first.
final class DaemonProcess {
    private static final Path PROCESSES = Path.of("/proc");
    private static final Charset ARGUMENTS = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private DaemonProcess() {}

    static Optional<ProcessIdentity> of(Path mountPoint) throws IOException {
        ProcessIdentity latest = null;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES)) {
            for (Path process : processes) {
                if (isProcess(process) && serves(process, mountPoint) && seesOurMounts(process)) {
                    latest = later(latest, Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return Optional.ofNullable(latest);
    }

    private static boolean isProcess(Path entry) {
        return Character.isDigit(entry.getFileName().toString().charAt(0));
    }

    private static ProcessIdentity later(ProcessIdentity one, long pid) {
        ProcessIdentity other = ProcessIdentity.of(pid).orElse(null);
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        boolean after = other.start() > one.start() || (other.start() == one.start() && other.pid() > one.pid());
        return after ? other : one;
    }

    /// The same path is another mount in another namespace. Where that cannot be told, it may be ours.
    private static boolean seesOurMounts(Path process) {
        try {
            return namespace(process).equals(namespace(PROCESSES.resolve("self")));
        } catch (IOException e) {
            return true;
        }
    }

    private static Path namespace(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("ns/mnt"));
    }

    private static boolean serves(Path process, Path mountPoint) {
        String line;
        try {
            line = new String(Files.readAllBytes(process.resolve("cmdline")), ARGUMENTS);
        } catch (IOException e) {
            // It has ended.
            return false;
        }
        List<String> arguments = List.of(line.split("\0"));
        return arguments.contains("mount")
                && (arguments.contains("-f") || arguments.contains("--foreground"))
                && arguments.contains(mountPoint.toString());
    }
}
