package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.Reservation;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;
import org.relayfs.tool.recovery.RecoverCommand;
import picocli.CommandLine;

/// What a dead owner has left was changed by somebody hostile, in any way: `relayfs recover` ends, with a result or a
/// clear error, and the channel beside it is exact.
///
/// `-Drelayfs.memory.mutations=10000` for the long run, `-Drelayfs.fuzz.seed=N` to repeat one.
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedLeftoversIT {
    private static final int MUTATIONS = Integer.getInteger("relayfs.memory.mutations", 150);
    private static final long SEED = Long.getLong("relayfs.fuzz.seed", System.nanoTime() & 0xffffff);
    private static final long MOST_NS = 1_000_000_000;
    private static final int[][] SHAPES = {{4096, 5}, {4096, 4}, {70, 3}, {8, 1}, {16, 2}, {512, 7}, {100, 300}};
    private static final long[] VALUES = {0, 1, -1, 7, 1L << 20, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final String BESIDE = "what stands beside it";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    private Path owner;
    private Path victim;
    private int subBuffers;

    @BeforeEach
    void name() {
        // No process has this pid.
        owner = temp.resolve("999999999-1-1");
        victim = owner.resolve("victim.1");
    }

    /// Leaves a channel and one beside it.
    private void leave(Relay relay, SplittableRandom random) throws IOException {
        if (Files.exists(owner)) {
            SharedFolder.remove(owner);
        }
        Files.createDirectory(owner);
        int[] shape = SHAPES[random.nextInt(SHAPES.length)];
        subBuffers = shape[1];
        ChannelConfig config = ChannelConfig.of(shape[0], shape[1])
                .withGlobal(true)
                .withMode(random.nextBoolean() ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE)
                .withPaddingHeader(shape[0] > 16 ? 4 * random.nextInt(3) : 0);
        try (RelayChannel channel = relay.open("victim", config)) {
            Reservation unfinished = channel.newReservation();
            int most = (int) Math.min(200, config.subBufferSize());
            for (int i = random.nextInt(60); i > 0; i--) {
                channel.write(new byte[random.nextInt(most + 1)]);
                if (i == 9) {
                    channel.reserve(unfinished, Math.min(most, 9));
                }
            }
            copy(channel.folder(), victim);
        }
        try (RelayChannel channel = relay.open("beside", ChannelConfig.of(64, 4).withGlobal(true))) {
            channel.write(bytes(BESIDE));
            copy(channel.folder(), owner.resolve("beside.2"));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /// Recovers all.
    ///
    /// @return what is said of the victim, or null when it is no channel any more
    private JsonNode recover(String what) throws IOException {
        Path output = temp.resolve("out");
        StringWriter text = new StringWriter();
        StringWriter errors = new StringWriter();
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        int code = new CommandLine(new RecoverCommand())
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(errors))
                .execute(owner.toString(), "-o", output.toString(), "--json", "--force");
        long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertThat(errors.toString()).as(what).isEmpty();
        assertThat(took).as("%s: CPU ns", what).isLessThan(MOST_NS);
        JsonNode found = null;
        boolean incomplete = false;
        for (JsonNode channel : JSON.readTree(text.toString()).get("channels")) {
            incomplete |= channel.get("incomplete").asBoolean();
            found = channel.get("folder").asText().equals(victim.toString()) ? channel : found;
        }
        assertThat(code).as(what).isEqualTo(incomplete ? 3 : 0);
        Path beside = output.resolve("999999999-1-1").resolve("beside.2").resolve("cpu0");
        assertThat(Files.readString(beside)).as(what).isEqualTo(BESIDE);
        return found;
    }

    @Test
    void itEndsWhateverStandsThere() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        int damaged = 0;
        try (Relay relay = Relay.create()) {
            for (int step = 0; step < MUTATIONS; step++) {
                leave(relay, random);
                List<String> done = new ArrayList<>();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    done.add(mutate(random));
                }
                JsonNode found = recover("seed " + SEED + ", step " + step + ", " + done);
                damaged += found == null || found.get("incomplete").asBoolean() ? 1 : 0;
            }
        }
        assertThat(damaged).as("mutations that were noticed").isGreaterThan(MUTATIONS / 20);
    }

    private String mutate(SplittableRandom random) throws IOException {
        Path meta = victim.resolve("meta");
        Path data = victim.resolve("cpu0");
        switch (random.nextInt(20)) {
            case 0 -> {
                Path file = random.nextBoolean() ? meta : data;
                long length = random.nextLong(Files.size(file) + 1);
                try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                    open.setLength(length);
                }
                return file.getFileName() + " has " + length + " bytes";
            }
            case 1, 2 -> {
                int offset = 8 * random.nextInt(12);
                long value = VALUES[random.nextInt(VALUES.length)];
                put(meta, offset, value);
                return "header word at %d: %x".formatted(offset, value);
            }
            case 3 -> {
                put(data, 8L * random.nextInt(4), random.nextLong());
                return "data";
            }
            default -> {
                long length = 4096 + 16384 + 192L * subBuffers;
                if (Files.size(meta) < length) {
                    return "nothing";
                }
                return DamagedMemory.of(victim, subBuffers).mutate(random);
            }
        }
    }

    private static void put(Path file, long offset, long value) throws IOException {
        ByteBuffer word =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, value);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(word, offset);
        }
    }

    /// Everything that is no file of ours.
    @ParameterizedTest
    @ValueSource(strings = {"mkfifo", "mkdir", "ln -s /dev/zero", "ln -s ../beside.2/meta", "true"})
    void whatIsNoFileIsNotOpened(String command) throws Exception {
        for (String name : List.of("meta", "cpu0")) {
            try (Relay relay = Relay.create()) {
                leave(relay, new SplittableRandom(SEED));
            }
            Files.delete(victim.resolve(name));
            Client.shell(command + " \"$1\"", victim.resolve(name));
            JsonNode found = recover(command + " " + name);
            if (name.equals("meta")) {
                assertThat(found == null || found.get("failures").toString().contains("meta"))
                        .as("%s: %s", command, found)
                        .isTrue();
            } else if (!command.equals("true")) {
                assertThat(found.get("buffers").get(0).get("damage").asText())
                        .as(command)
                        .contains("cpu0");
            }
        }
        // With its links.
        SharedFolder.remove(owner);
    }

    /// What tells nothing but that it cannot be.
    @ParameterizedTest
    @ValueSource(
            ints = {
                ChannelHeader.VERSION_OFFSET,
                ChannelHeader.MAGIC_OFFSET,
                ChannelHeader.SUB_BUFFER_SIZE_OFFSET,
                ChannelHeader.SUB_BUFFER_COUNT_OFFSET,
                ChannelHeader.BUFFER_SLOTS_OFFSET,
                ChannelHeader.BUFFER_STRIDE_OFFSET
            })
    void aHeaderThatCannotBeIsNamed(int offset) throws Exception {
        for (long value : new long[] {-1, 1L << 40, Long.MIN_VALUE}) {
            try (Relay relay = Relay.create()) {
                leave(relay, new SplittableRandom(SEED));
            }
            put(victim.resolve("meta"), offset, value);
            assertThat(recover("word at " + offset).get("failures").toString())
                    .containsAnyOf("layout version", "meta is damaged");
        }
    }
}
