package org.relayfs.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Living owners whose folder somebody has removed: systemd-logind at the end of a session (`RemoveIPC=`), or
/// `rm`. Their channels keep working, but no process can attach to them any more.
public final class RemovedMemory {
    private static final Path PROC = Path.of("/proc");
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String DEVICE = "unix:dev";
    private static final Pattern REMOVED =
            Pattern.compile("/dev/shm/relayfs-.*/" + LivenessLocks.FILE + " \\(deleted\\)");
    private static final Pattern OWNERS_LOCK = Pattern.compile("(?m)^lock:.* OFDLCK .* 0 0$");

    private RemovedMemory() {}

    /// Looks for them, among the processes that this user may look into and whose `/dev/shm` is the one here: a
    /// container has another.
    ///
    /// @return their pids
    public static List<Long> owners() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (ownsRemovedMemory(process)) {
                    pids.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What can be seen was seen.
        }
        return pids;
    }

    private static boolean ownsRemovedMemory(Path process) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (isRemoved(descriptor) && holdsOwnersLock(process, descriptor)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It has just ended, or is another user's.
        }
        return false;
    }

    private static boolean isRemoved(Path descriptor) {
        try {
            return REMOVED.matcher(Files.readSymbolicLink(descriptor).toString())
                            .matches()
                    && Files.getAttribute(descriptor, DEVICE).equals(Files.getAttribute(MEMORY, DEVICE));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean holdsOwnersLock(Path process, Path descriptor) throws IOException {
        Path info = process.resolve("fdinfo").resolve(descriptor.getFileName());
        return OWNERS_LOCK
                .matcher(new String(Files.readAllBytes(info), StandardCharsets.ISO_8859_1))
                .find();
    }
}
