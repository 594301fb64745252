package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
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

    private static final Logger LOG = LoggerFactory.getLogger(PrivateJar.class);
    private static final String DESCRIPTOR = "/proc/self/fd/9";

    /// {@return a copy, or the class path as it is when that is more than one jar, or no copy can be made}
    ///
    /// @param classPath absolute
    static PrivateJar of(String classPath) {
        Path jar = Path.of(classPath);
        if (!classPath.endsWith(".jar") || !Files.isRegularFile(jar) || !Files.isReadable(Path.of("/proc/self/fd"))) {
            return new PrivateJar(null, classPath);
        }
        try {
            Path copy = Files.createTempFile("relayfs", ".jar");
            copy.toFile().deleteOnExit(); // if no shell comes to it
            Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            return new PrivateJar(copy, DESCRIPTOR);
        } catch (IOException unwritable) {
            LOG.warn(
                    "no copy of {} can be made in {}: the daemon will fail if the jar changes; set TMPDIR to a folder that"
                            + " can be written",
                    jar,
                    System.getProperty("java.io.tmpdir"));
            return new PrivateJar(null, classPath);
        }
    }

    /// {@return the first argument of the shell}
    String argument() {
        return copy == null ? "" : copy.toString();
    }
}
