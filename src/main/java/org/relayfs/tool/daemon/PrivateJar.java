package org.relayfs.tool.daemon;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.LoggerFactory;

/// The jar that a daemon runs from: a copy of its own. Somebody may build or install another in the place of the
/// original while the daemon runs, and a JVM that looks there for its classes would find others, or none.
///
/// The copy has no name: the shell that starts the daemon opens and removes it, and the daemon has the descriptor. So
/// nobody can change it, and nothing is left of it, however the daemon ends.
///
/// @param copy      what the shell is to open and remove; null without one
/// @param classPath what the daemon is told
record PrivateJar(Path copy, String classPath) {
    /// What the shell does first. Its first argument is the copy, or nothing.
    static final String TAKE = "if [ \"$1\" ]; then exec 9<\"$1\"; rm -f -- \"$1\"; fi; shift; ";

    private static final String DESCRIPTOR = "/proc/self/fd/9";
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /// {@return a copy, or the class path as it is when that is more than one jar, or no copy can be made}
    ///
    /// @param classPath absolute
    static PrivateJar of(String classPath) {
        Path jar = Path.of(classPath);
        if (!classPath.endsWith(".jar") || !Files.isRegularFile(jar) || !Files.isReadable(Path.of("/proc/self/fd"))) {
            return new PrivateJar(null, classPath);
        }
        try {
            return new PrivateJar(copy(jar), DESCRIPTOR);
        } catch (IOException unwritable) {
            // Looked up here: a logger takes longer to make than the copy.
            LoggerFactory.getLogger(PrivateJar.class)
                    .warn(
                            "no copy of {} can be made in {}: the daemon will fail if the jar changes; set TMPDIR to a"
                                    + " folder that can be written",
                            jar,
                            System.getProperty("java.io.tmpdir"));
            return new PrivateJar(null, classPath);
        }
    }

    /// Under a new name, which need not be a secret: nobody else can have made or can open the file. For the names of
    /// [Files#createTempFile] the JDK sets up its security providers, which takes longer than the copy.
    private static Path copy(Path jar) throws IOException {
        String name = "relayfs" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".jar";
        Path copy = Path.of(System.getProperty("java.io.tmpdir"), name).toAbsolutePath();
        try (FileChannel from = FileChannel.open(jar);
                FileChannel to = FileChannel.open(copy, NEW, PRIVATE)) {
            copy.toFile().deleteOnExit(); // if no shell comes to it
            long size = from.size();
            long done = 0;
            while (done < size) {
                long count = from.transferTo(done, size - done, to);
                if (count == 0) {
                    throw new EOFException(jar + ": shorter than it was: size=" + done + ", expected=" + size);
                }
                done += count;
            }
        }
        return copy;
    }

    /// {@return the first argument of the shell}
    String argument() {
        return copy == null ? "" : copy.toString();
    }
}
