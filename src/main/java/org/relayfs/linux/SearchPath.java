package org.relayfs.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The folders in which programs are looked for: those of the shell, and some that an ordinary user's `PATH` often
/// lacks.
public final class SearchPath {
    private static final String OF_ROOT = ":/usr/sbin:/sbin";

    private SearchPath() {}

    /// {@return the program, if this user can run one of that name}
    ///
    /// @param program its name
    public static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + OF_ROOT;
        for (String folder : path.split(":")) {
            Path file = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
