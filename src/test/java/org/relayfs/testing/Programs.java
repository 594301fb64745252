package org.relayfs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The programs under `src/test`: those in C are compiled when they are first asked for.
public final class Programs {
    private static final Path C = Path.of("src/test/c").toAbsolutePath();
    private static final Path HEADER = Path.of("src/main/c").toAbsolutePath();
    private static final Path PYTHON = Path.of("src/test/python").toAbsolutePath();
    private static final Path COMPILED = Path.of("target/test-clients").toAbsolutePath();

    private Programs() {}

    /// @param name of a source in `src/test/c`, without `.c`
    /// @return the program
    /// @throws Exception it does not compile
    public static String c(String name) throws Exception {
        return c(name, name);
    }

    /// The same with options of its own for the compiler.
    ///
    /// @param name    of a source in `src/test/c`, without `.c`
    /// @param program name of the program that becomes of it
    /// @param options for the compiler
    /// @return the program
    /// @throws Exception it does not compile
    public static synchronized String c(String name, String program, String... options) throws Exception {
        Path target = COMPILED.resolve(program);
        if (isOlderThanSources(target)) {
            Files.createDirectories(COMPILED);
            List<String> command = new ArrayList<>(
                    List.of("cc", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread"));
            command.addAll(List.of(options));
            command.addAll(
                    List.of("-o", target.toString(), C.resolve(name + ".c").toString()));
            try (Client compiler = Client.start(command)) {
                compiler.awaitSuccess();
            }
        }
        return target.toString();
    }

    private static boolean isOlderThanSources(Path program) throws IOException {
        FileTime compiled;
        try {
            compiled = Files.getLastModifiedTime(program);
        } catch (NoSuchFileException e) {
            return true;
        }
        for (Path folder : List.of(C, HEADER)) {
            try (Stream<Path> sources = Files.list(folder)) {
                for (Path source : sources.toList()) {
                    if (Files.getLastModifiedTime(source).compareTo(compiled) >= 0) {
                        return true;
                    }
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
