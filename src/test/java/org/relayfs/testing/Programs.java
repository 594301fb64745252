package org.relayfs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/// The programs under `src/test`: those in C are compiled when they are first asked for.
public final class Programs {
    private static final Path C = Path.of("src/test/c").toAbsolutePath();
    private static final Path PYTHON = Path.of("src/test/python").toAbsolutePath();
    private static final Path COMPILED = Path.of("target/test-clients").toAbsolutePath();

    private Programs() {}

    /// @param name of a source in `src/test/c`, without `.c`
    /// @return the program
    /// @throws Exception it does not compile
    public static synchronized String c(String name) throws Exception {
        Path program = COMPILED.resolve(name);
        if (isOlderThanSources(program)) {
            Files.createDirectories(COMPILED);
            List<String> command = List.of(
                    "cc",
                    "-std=gnu11",
                    "-O1",
                    "-g",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-pthread",
                    "-o",
                    program.toString(),
                    C.resolve(name + ".c").toString());
            try (Client compiler = Client.start(command)) {
                compiler.awaitSuccess();
            }
        }
        return program.toString();
    }

    private static boolean isOlderThanSources(Path program) throws IOException {
        FileTime compiled;
        try {
            compiled = Files.getLastModifiedTime(program);
        } catch (NoSuchFileException e) {
            return true;
        }
        try (Stream<Path> sources = Files.list(C)) {
            for (Path source : sources.toList()) {
                if (Files.getLastModifiedTime(source).compareTo(compiled) >= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /// @param name of a script in `src/test/python`, without `.py`
    /// @return the script
    public static String python(String name) {
        return PYTHON.resolve(name + ".py").toString();
    }
}
