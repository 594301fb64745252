package org.relayfs.distribution;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;

/// The library's jar on the module path, with the modules that ours requires; jnr-fuse and what it needs stay on the
/// class path, where Maven and Gradle put what no module requires.
@MountTest
@Timeout(120)
class ModulePathIT {
    private static final Path PROGRAMS = Path.of("src/test/module").toAbsolutePath();
    private static final String NATIVE = "--enable-native-access=org.relayfs,ALL-UNNAMED";

    private static final List<Path> MODULES = Stream.concat(
                    Stream.of(library()), dependencies("slf4j-api", "jctools-core", "picocli"))
            .toList();
    private static final List<Path> CLASS_PATH =
            dependencies("jnr-", "jffi", "asm", "slf4j-simple").toList();

    @TempDir
    private Path folder;

    private static Path library() {
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            return built.filter(path -> path.getFileName().toString().matches("relayfs-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .max(Path::compareTo)
                    .orElseThrow()
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new IllegalStateException("target", e);
        }
    }

    private static Stream<Path> dependencies(String... prefixes) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(element -> element.endsWith(".jar"))
                .map(Path::of)
                .filter(jar -> Arrays.stream(prefixes)
                        .anyMatch(prefix -> jar.getFileName().toString().startsWith(prefix)));
    }

    private static String path(List<Path> elements) {
        return elements.stream().map(Path::toString).collect(joining(File.pathSeparator));
    }

    /// {@return the errors of the compiler; empty when it has compiled}
    private String compile(String program) throws Exception {
        Path sources = PROGRAMS.resolve(program);
        try (Client javac = Client.start(
                jdk("javac"),
                "-d",
                folder.resolve("classes").toString(),
                "-p",
                path(MODULES),
                sources.resolve("module-info.java").toString(),
                sources.resolve("program/Main.java").toString())) {
            assertThat(javac.awaitEnd()).isEqualTo(javac.errors().isEmpty() ? 0 : 1);
            return javac.errors();
        }
    }

    private static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private Client startApp(List<Path> modules, List<Path> classPath) throws Exception {
        Files.createDirectory(mountPoint());
        Leftovers.watchMountPoint(mountPoint());
        List<Path> all = new ArrayList<>(modules);
        all.add(folder.resolve("classes"));
        List<String> command = new ArrayList<>(List.of(jdk("java"), "-XX:+UseSerialGC", NATIVE, "-p", path(all)));
        if (!classPath.isEmpty()) {
            command.addAll(List.of("-cp", path(classPath)));
        }
        command.addAll(List.of("-m", "app/program.Main", mountPoint().toString()));
        return Client.start(command);
    }

    private Path mountPoint() {
        return folder.resolve("mount");
    }

    private void assertServes(Client app) throws Exception {
        assertThat(app.awaitLine("modules ")).isEqualTo("modules app org.relayfs");
        assertThat(app.awaitLine("read ")).isEqualTo("read for itself");
        assertThat(app.awaitLine("mounted ")).isEqualTo("mounted true");
        assertThat(Client.shell("cat \"$1\"/app/cpu0", mountPoint())).isEqualTo("for cat\n");
        app.input().close();
        app.awaitSuccess();
        assertThat(app.errors()).doesNotContain("WARN", "Exception");
    }

    @Test
    void aModularProgramOpensWritesReadsAndMounts() throws Exception {
        assertThat(compile("app")).isEmpty();
        try (Client app = startApp(MODULES, CLASS_PATH)) {
            assertServes(app);
        }
    }

    /// All jars in one folder, which is given both ways: what no module requires is taken from the class path.
    @Test
    void oneFolderServesAsModulePathAndClassPath() throws Exception {
        assertThat(compile("app")).isEmpty();
        Path all = Files.createDirectory(folder.resolve("all"));
        for (Path jar : Stream.concat(MODULES.stream(), CLASS_PATH.stream()).toList()) {
            Files.copy(jar, all.resolve(jar.getFileName()));
        }
        try (Client app = startApp(List.of(all), List.of(all.resolve("*")))) {
            assertServes(app);
        }
    }

    @Test
    void withoutJnrOnTheClassPathAMountSaysWhatIsMissing() throws Exception {
        assertThat(compile("app")).isEmpty();
        List<Path> all = Stream.concat(MODULES.stream(), CLASS_PATH.stream()).toList();
        try (Client app = startApp(all, List.of())) {
            assertThat(app.awaitLine("read ")).isEqualTo("read for itself");
            assertThat(app.awaitEnd()).isOne();
            assertThat(app.errors())
                    .contains("java.io.IOException: jnr-fuse: not found: put it")
                    .contains("(-cp)");
        }
    }

    @Test
    void theMachineryIsOutOfReach() throws Exception {
        assertThat(compile("intruder")).contains("package org.relayfs.layout is not visible");
    }

    @Test
    void theCommandRunsFromTheModulePathToo() throws Exception {
        List<String> command = List.of(
                jdk("java"),
                NATIVE,
                "-p",
                path(MODULES),
                "-cp",
                path(CLASS_PATH),
                "--add-modules",
                "info.picocli",
                "-m",
                "org.relayfs/org.relayfs.tool.RelayfsCommand",
                "list",
                "--help");
        try (Client list = Client.start(command)) {
            assertThat(list.awaitSuccess().output()).contains("relayfs list");
        }
    }
}
