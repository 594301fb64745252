package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Signals;

/// Runs every shell case: 0 is a pass, 77 a skip, all else a failure. A case runs in an empty folder of its own;
/// `src/test/sh/lib/case.sh` says what it may use. They wait for most of their time, so a few run at once, the longest
/// ones
/// first.
final class ShellCasesIT {
    private static final Path CASES = Path.of("src/test/sh").toAbsolutePath();
    private static final int AT_ONCE = 3;
    private static final int SKIPPED = 77;
    private static final int PATIENCE_S = 600;

    @TempDir
    private Path temp;

    private final ExecutorService running = Executors.newFixedThreadPool(AT_ONCE);

    @TestFactory
    List<DynamicTest> shellCase() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            List<DynamicTest> cases = files.filter(file -> file.toString().endsWith(".sh"))
                    .sorted(Comparator.<Path>comparingLong(file -> file.toFile().length())
                            .reversed())
                    .map(this::started)
                    .toList();
            assertThat(cases).isNotEmpty();
            return cases;
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        running.shutdownNow();
        assertThat(running.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
    }

    private DynamicTest started(Path file) {
        Future<Void> outcome = running.submit(() -> run(file));
        return DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
            try {
                outcome.get();
            } catch (ExecutionException e) {
                throw e.getCause();
            }
        });
    }

    private Void run(Path file) throws Exception {
        Path folder = Files.createDirectory(temp.resolve(file.getFileName().toString()));
        Path output = temp.resolve(file.getFileName() + ".out");
        Process shell = new ProcessBuilder(Signals.heeded(List.of("sh", file.toString())))
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = false;
        try {
            ended = shell.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        } finally {
            if (!ended) {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        }
        if (!ended) {
            fail("no end in %d s%n%s", PATIENCE_S, Files.readString(output));
        }
        if (shell.exitValue() == SKIPPED) {
            abort(Files.readString(output));
        }
        assertThat(shell.exitValue())
                .as("exit code; output:%n%s", Files.readString(output))
                .isZero();
        return null;
    }
}
