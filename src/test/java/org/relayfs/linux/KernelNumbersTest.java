package org.relayfs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.testing.Client;

/// The numbers of the kernel's interface against its own headers, for every processor for which a compiler is at hand.
/// Field case 30.
@Timeout(60)
class KernelNumbersTest {
    private static final String HEADERS = """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <fcntl.h>
            #include <linux/membarrier.h>
            #include <poll.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/epoll.h>
            #include <sys/syscall.h>
            """;

    @TempDir
    private Path folder;

    private static String compilerFor(Architecture architecture) {
        return architecture == Architecture.CURRENT
                ? "cc"
                : (architecture == Architecture.AARCH64 ? "aarch64" : "x86_64") + "-linux-gnu-gcc";
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, program)));
    }

    private static String run(String... command) throws Exception {
        try (Client program = Client.start(command)) {
            return program.awaitSuccess().output();
        }
    }

    private void assertCompiles(String compiler, List<String> conditions) throws Exception {
        StringBuilder source = new StringBuilder(HEADERS);
        conditions.forEach(
                condition -> source.append("_Static_assert(").append(condition).append(", \"\");\n"));
        Path file = Files.writeString(folder.resolve("numbers.c"), source);
        run(compiler, "-std=gnu11", "-Werror", "-fsyntax-only", file.toString());
    }

    @ParameterizedTest
    @EnumSource
    void thoseThatDifferBetweenProcessorsAreThoseOfTheHeaders(Architecture architecture) throws Exception {
        String compiler = compilerFor(architecture);
        assumeTrue(isInstalled(compiler), () -> "no compiler for " + architecture + ": " + compiler);
        assertCompiles(
                compiler,
                List.of(
                        "O_DIRECTORY == " + architecture.openDirectory,
                        "O_NOFOLLOW == " + architecture.openNoFollow,
                        "O_DIRECT == " + architecture.openDirect,
                        "SYS_futex == " + architecture.futexCall,
                        "SYS_membarrier == " + architecture.membarrierCall,
                        "MEMBARRIER_CMD_GLOBAL_EXPEDITED == " + BarrierCalls.GLOBAL_EXPEDITED,
                        "MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED == " + BarrierCalls.REGISTER_GLOBAL_EXPEDITED,
                        "sizeof(struct epoll_event) == " + architecture.epollEventSize,
                        "O_CREAT == " + OpenFlags.O_CREAT,
                        "O_EXCL == " + OpenFlags.O_EXCL,
                        "O_NONBLOCK == " + OpenFlags.O_NONBLOCK,
                        "O_CLOEXEC == " + OpenFlags.O_CLOEXEC,
                        "F_OFD_GETLK == " + LockCalls.F_OFD_GETLK,
                        "F_OFD_SETLK == " + LockCalls.F_OFD_SETLK,
                        "F_WRLCK == " + LockCalls.F_WRLCK,
                        "F_UNLCK == " + LockCalls.F_UNLCK,
                        "sizeof(struct flock) == " + LockCalls.FLOCK_SIZE,
                        "offsetof(struct flock, l_type) == " + LockCalls.TYPE_OFFSET,
                        "offsetof(struct flock, l_start) == " + LockCalls.START_OFFSET,
                        "offsetof(struct flock, l_len) == " + LockCalls.LENGTH_OFFSET,
                        "POLLIN == " + WaitCalls.POLLIN,
                        "POLLERR == " + WaitCalls.POLLERR,
                        "POLLHUP == " + WaitCalls.POLLHUP,
                        "POLLNVAL == " + WaitCalls.POLLNVAL));
    }

    @ParameterizedTest
    @EnumSource
    void callsThatReadAndWriteAreThoseOfTheHeaders(Architecture architecture) throws Exception {
        String compiler = compilerFor(architecture);
        assumeTrue(isInstalled(compiler), () -> "no compiler for " + architecture + ": " + compiler);
        Map<String, Set<Integer>> calls = Map.of(
                "SYS_read SYS_write SYS_readv SYS_writev", architecture.sequentialCalls,
                "SYS_pread64 SYS_pwrite64 SYS_preadv SYS_pwritev SYS_io_submit", architecture.positionedCalls,
                "SYS_preadv2 SYS_pwritev2", architecture.optionallyPositionedCalls);
        List<String> conditions = new ArrayList<>();
        calls.forEach((names, numbers) -> {
            assertThat(numbers).hasSize(names.split(" ").length);
            for (String name : names.split(" ")) {
                conditions.add(
                        numbers.stream().map(number -> name + " == " + number).collect(Collectors.joining(" || ")));
            }
        });
        assertCompiles(compiler, conditions);
    }

    @ParameterizedTest
    @EnumSource
    void errorNumbersAreThoseOfTheHeaders(Architecture architecture) throws Exception {
        String compiler = compilerFor(architecture);
        assumeTrue(isInstalled(compiler), () -> "no compiler for " + architecture + ": " + compiler);
        List<String> conditions = new ArrayList<>();
        for (Errno errno : Errno.values()) {
            conditions.add(errno + " == " + errno.number());
        }
        assertCompiles(compiler, conditions);
    }

    @Test
    void errorTextsAreThoseOfTheCLibrary() throws Exception {
        assumeTrue(isInstalled("cc"), "no compiler");
        String names =
                String.join(", ", Stream.of(Errno.values()).map(Errno::name).toList());
        Path file = Files.writeString(
                folder.resolve("texts.c"),
                HEADERS + "int main(void) { int all[] = {" + names + "};"
                        + " for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) puts(strerror(all[i]));"
                        + " return 0; }\n",
                StandardCharsets.UTF_8);
        Path program = folder.resolve("texts");
        run("cc", "-o", program.toString(), file.toString());
        assertThat(run(program.toString()).lines())
                .isEqualTo(Stream.of(Errno.values())
                        .map(errno -> Errno.text(errno.negative()))
                        .toList());
    }

    @Test
    void anErrorWithoutANameHasItsNumber() {
        assertThat(Errno.text(-131)).isEqualTo("errno 131");
    }

    @Test
    void anotherProcessorIsRefused() {
        assertThatThrownBy(() -> Architecture.of("s390x")).hasMessageContainingAll("os.arch=s390x", "amd64", "aarch64");
    }
}
