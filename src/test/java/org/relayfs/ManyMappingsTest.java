package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.linux.Cpus;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.MemoryCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.testing.Client;

/// Field case 2: a channel that would take more mappings than the kernel allows is refused, and the JVM lives.
@Timeout(120)
class ManyMappingsTest {
    @TempDir
    private Path folder;

    @Test
    void aChannelBeyondTheLimitIsRefusedAndTheProgramGoesOn() throws Exception {
        try (Client program =
                Client.startJava(Program.class, folder.resolve("file").toString())) {
            assertThat(program.awaitSuccess().output()).contains("done");
        }
    }

    /// What [#aChannelBeyondTheLimitIsRefusedAndTheProgramGoesOn] runs.
    static final class Program {
        private static final Cpus MANY =
                new Cpus(IntStream.range(0, 1024).boxed().toList(), 1024);
        private static final ChannelConfig SMALL = ChannelConfig.of(2048, 2);

        private Program() {}

        private static long mappings() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
                return lines.count();
            }
        }

        /// Takes mappings of its own, as a program that embeds relayfs may, then opens channels.
        ///
        /// @param args a file to make and map
        public static void main(String[] args) throws Exception {
            long limit = Long.parseLong(
                    Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst());
            try (Relay relay = Relay.create(Long.MAX_VALUE, MANY)) {
                long before = mappings();
                RelayChannel first = relay.open("first", SMALL);
                // One for each buffer, one for the tables; the JVM may take some, too.
                check(mappings() - before < 1024 + 100, "mappings of a channel: " + (mappings() - before));
                // Room for one more: two would fill a small /dev/shm.
                takeMappings(Path.of(args[0]), limit - limit / 10 - 1600 - mappings());
                String refusal = openUntilRefused(relay);
                check(
                        refusal.contains("mappings: needed=1025, in use=")
                                && refusal.contains("limit=" + limit + " (vm.max_map_count)")
                                && refusal.contains("sysctl vm.max_map_count="),
                        refusal);
                check(mappings() < limit - limit / 20, "too few are left: " + mappings() + " of " + limit);
                check(first.write(new byte[100]) == 100, "the first channel");
                relay.open("global", SMALL.withGlobal(true)).close();
                IntStream.range(0, 200)
                        .mapToObj(i -> Thread.ofPlatform().start(() -> {}))
                        .toList()
                        .forEach(Program::join);
            }
            System.out.println("done");
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        // The same page again and again: the kernel cannot make one mapping of neighbours.
        private static void takeMappings(Path file, long count) throws IOException {
            Files.write(file, new byte[4096]);
            int descriptor = FileCalls.open(file, OpenFlags.O_RDWR, 0);
            for (long i = 0; i < count; i++) {
                check(MemoryCalls.map(descriptor, 4096, MemoryCalls.SHARED_WRITABLE) > 0, "mmap");
            }
            FileCalls.close(descriptor);
        }

        private static String openUntilRefused(Relay relay) throws IOException {
            for (int i = 0; i < 4; i++) {
                try {
                    relay.open("more" + i, SMALL);
                } catch (QuotaException e) {
                    check(i > 0 && e.outOfSpace(), "refused too early: " + e.getMessage());
                    return e.getMessage();
                }
            }
            throw new AssertionError("nothing was refused: " + mappings() + " mappings");
        }

        private static void check(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError(otherwise);
            }
        }
    }
}
