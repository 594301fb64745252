package org.relayfs.tool.daemon;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The process that `relayfs mount` has started for a mount point. An embedding program is not found.
final class DaemonProcess {
    private DaemonProcess() {}

    static Optional<ProcessHandle> of(Path mountPoint) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .filter(arguments -> serves(arguments, mountPoint))
                        .isPresent())
                .findFirst();
    }

    private static boolean serves(List<String> arguments, Path mountPoint) {
        return arguments.contains("mount")
                && (arguments.contains("-f") || arguments.contains("--foreground"))
                && arguments.contains(mountPoint.toString());
    }
}
