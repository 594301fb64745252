package org.relayfs.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Unmounting, for whoever may: root by the system call, ordinary users through the set-user-id program that mounts for
/// them.
public final class Fusermount {
    /// What the program is called; the first there is does.
    public static final List<String> NAMES = List.of("fusermount3", "fusermount");

    /// The one that libfuse 2 starts in order to mount.
    public static final String THAT_MOUNTS = "fusermount";

    private static final Path TABLE = Path.of("/etc/mtab");
    private static final int PATIENCE_S = 10;

    private Fusermount() {}

    /// {@return the program that unmounts for ordinary users, if there is one}
    public static Optional<Path> find() {
        for (String name : NAMES) {
            Optional<Path> program = SearchPath.find(name);
            if (program.isPresent()) {
                return program;
            }
        }
        return Optional.empty();
    }

    /// Looks for what would keep the program from unmounting: it unmounts only what it finds in `/etc/mtab`, and that
    /// is the
    /// kernel's own table where it leads to `/proc`.
    ///
    /// @return nothing for root, who needs no program, and when the table is there
    public static Optional<Obstacle> obstacle() {
        return CurrentUser.isRoot() || isOfProc(TABLE)
                ? Optional.empty()
                : Optional.of(new Obstacle(
                        TABLE + " does not list the mounts, so " + NAMES.getFirst() + " would not unmount",
                        "as root: ln -sf ../proc/self/mounts " + TABLE));
    }

    /// What there is in /proc has no size.
    private static boolean isOfProc(Path file) {
        try {
            return Files.size(file) == 0 && Files.readAllBytes(file).length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// What stands in the way, and how to remove it.
    ///
    /// @param text   what it is
    /// @param remedy what to do
    public record Obstacle(String text, String remedy) {
        @Override
        public String toString() {
            return text + "; remedy: " + remedy;
        }
    }

    /// Unmounts what is topmost on a folder. Nothing is asked of the mount, so a dead one cannot hang it.
    ///
    /// @param folder absolute path without symbolic links
    /// @param lazy   true: also while it is used
    /// @return nothing when it is unmounted, else why it is not
    public static Optional<String> unmount(Path folder, boolean lazy) {
        if (CurrentUser.isRoot()) {
            int result = MountCalls.unmount(folder, lazy);
            return result == 0 ? Optional.empty() : Optional.of(folder + ": " + Errno.text(result));
        }
        Optional<Path> program = find();
        return program.isPresent()
                ? run(program.get(), folder, lazy)
                : Optional.of(folder + ": there is no " + String.join(" and no ", NAMES)
                        + ", through which ordinary users unmount; install the package fuse3");
    }

    /// The same for a command that does nothing else: root may run the program, too, and it takes less time than
    /// linking the system call.
    ///
    /// @param folder absolute path without symbolic links
    /// @param lazy   true: also while it is used
    /// @return nothing when it is unmounted, else why it is not
    public static Optional<String> unmountByProgram(Path folder, boolean lazy) {
        Optional<Path> program = find();
        return program.isPresent() ? run(program.get(), folder, lazy) : unmount(folder, lazy);
    }

    private static Optional<String> run(Path program, Path folder, boolean lazy) {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), lazy ? "-uz" : "-u", "--", folder.toString());
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.redirectErrorStream(true).start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of(program + " did not end in " + PATIENCE_S + " s");
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.exitValue() == 0) {
                return Optional.empty();
            }
            String why = said.isEmpty() ? program + " ended with code " + process.exitValue() : said;
            return Optional.of(why + obstacle().map(known -> "; " + known).orElse(""));
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(program + ": interrupted");
        }
    }
}
