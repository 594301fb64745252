package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The process that `relayfs mount` has started for a mount point. An embedding program is not found. Of several the
/// latest serves the mount that is there: an earlier one may live on with a copy of its mount in another namespace.
final class DaemonProcess {
    private DaemonProcess() {}

    static Optional<ProcessHandle> of(Path mountPoint) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .filter(arguments -> serves(arguments, mountPoint))
                        .isPresent())
                .filter(DaemonProcess::seesOurMounts)
                .max(Comparator.comparing(DaemonProcess::started).thenComparing(ProcessHandle::pid));
    }

    /// The same path is another mount in another namespace. Where that cannot be told, it may be ours.
    private static boolean seesOurMounts(ProcessHandle process) {
        try {
            return namespace(Long.toString(process.pid())).equals(namespace("self"));
        } catch (IOException e) {
            return true;
        }
    }

    private static Path namespace(String process) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", process, "ns/mnt"));
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    private static boolean serves(List<String> arguments, Path mountPoint) {
        return arguments.contains("mount")
                && (arguments.contains("-f") || arguments.contains("--foreground"))
                && arguments.contains(mountPoint.toString());
    }
}
