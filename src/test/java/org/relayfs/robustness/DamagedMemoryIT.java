package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.AttachedChannel;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.testing.Agent;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Field case 1: words of a channel's shared memory hold what only somebody hostile can have stored there. That channel
/// may be lost, nothing else: no crash, no hang, and the channel beside it is exact.
///
/// `-Drelayfs.memory.mutations=10000` for the long run, `-Drelayfs.fuzz.seed=N` to repeat one.
@MountTest
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedMemoryIT {
    private static final int MUTATIONS = Integer.getInteger("relayfs.memory.mutations", 1000);
    private static final long SEED = Long.getLong("relayfs.fuzz.seed", System.nanoTime() & 0xffffff);
    private static final long MOST_NS = 1_000_000_000;
    private static final int[][] SHAPES = {{4096, 5}, {4096, 4}, {70, 3}, {8, 1}, {16, 2}, {512, 7}, {100, 300}};

    private static ChannelConfig shape(SplittableRandom random) {
        int[] shape = SHAPES[random.nextInt(SHAPES.length)];
        return ChannelConfig.of(shape[0], shape[1])
                .withGlobal(true)
                .withMode(random.nextBoolean() ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE)
                .withPaddingHeader(shape[0] > 16 && random.nextInt(4) == 0 ? 4 << random.nextInt(2) : 0)
                .withAbandonAfterMs(1 + random.nextInt(20));
    }

    private static void fill(RelayChannel channel, SplittableRandom random) {
        int most = (int) Math.min(200, channel.config().subBufferSize());
        for (int i = random.nextInt(40); i > 0; i--) {
            channel.write(new byte[random.nextInt(most + 1)]);
        }
    }

    /// Everything that a program can do with a buffer, in the time that its own thread takes.
    @Test
    void aProgramSurvivesWhateverStandsThere() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        int damaged = 0;
        try (Relay relay = Relay.create();
                RelayChannel beside =
                        relay.open("beside", ChannelConfig.of(64, 4).withGlobal(true))) {
            for (int step = 0; step < MUTATIONS; step++) {
                List<String> done = new ArrayList<>();
                try (RelayChannel victim = relay.open("victim", shape(random));
                        AttachedChannel attached = AttachedChannel.attach(victim.folder())) {
                    DamagedMemory memory =
                            DamagedMemory.of(victim.folder(), victim.config().subBufferCount());
                    fill(victim, random);
                    for (int i = random.nextInt(1, 4); i > 0; i--) {
                        done.add(memory.mutate(random));
                    }
                    String what = "seed " + SEED + ", step " + step + ", " + done;
                    use(victim, attached, random, what);
                    damaged += victim.stats().getFirst().damaged() ? 1 : 0;
                    isExact(beside, what);
                }
            }
        }
        assertThat(damaged).as("mutations that were noticed").isGreaterThan(MUTATIONS / 20);
    }

    private static void use(RelayChannel victim, AttachedChannel attached, SplittableRandom random, String what) {
        ChannelBuffer buffer = victim.buffers().getFirst();
        Reservation reservation = victim.newReservation();
        MemorySegment target = MemorySegment.ofArray(new byte[5000]);
        List<Runnable> uses = List.of(
                () -> victim.write(new byte[random.nextInt(60)]),
                () -> attached.write(new byte[random.nextInt(60)]),
                () -> buffer.write(target, 0, random.nextInt(60)),
                () -> {
                    if (buffer.reserve(reservation, random.nextInt(9)) >= 0) {
                        reservation.memory().fill((byte) 'x');
                        if (random.nextBoolean()) {
                            reservation.abort();
                        } else {
                            reservation.commit();
                        }
                    }
                },
                () -> buffer.read(target, 0, random.nextInt(5000)),
                buffer::hasData,
                buffer::isReadable,
                buffer::isFull,
                buffer::stats,
                buffer::fileSize,
                () -> buffer.paddingBytes(random.nextInt(victim.config().subBufferCount())),
                () -> buffer.subBuffersConsumed(random.nextInt(3)),
                victim::flush,
                () -> victim.setEnabled(random.nextBoolean()),
                () -> {
                    if (random.nextInt(8) == 0) {
                        victim.reset();
                    }
                });
        for (int i = 0; i < 30; i++) {
            int chosen = random.nextInt(uses.size());
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            try {
                uses.get(chosen).run();
            } catch (DamagedBufferException e) {
                assertThat(buffer.stats().damaged()).as(what).isTrue();
            }
            long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            assertThat(took).as("%s: use %s, CPU ns", what, chosen).isLessThan(MOST_NS);
        }
    }

    private static void isExact(RelayChannel beside, String what) {
        byte[] record = bytes("%06x".formatted(what.hashCode() & 0xffffff));
        assertThat(beside.write(record)).as(what).isEqualTo(record.length);
        assertThat(read(beside.buffers().getFirst()))
                .as(what)
                .isEqualTo(new String(record, StandardCharsets.ISO_8859_1));
        assertThat(beside.stats().getFirst().damaged()).as(what).isFalse();
    }

    /// The same through the mount, whose daemon must answer every call of a client.
    @Test
    void aMountSurvivesWhateverStandsThere() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        try (TestMount mount = TestMount.open();
                RelayChannel beside =
                        mount.relay().open("beside", ChannelConfig.of(64, 4).withGlobal(true));
                Agent agent = Agent.start()) {
            for (int step = 0; step < MUTATIONS / 10; step++) {
                try (RelayChannel victim = mount.relay().open("victim", shape(random))) {
                    DamagedMemory memory =
                            DamagedMemory.of(victim.folder(), victim.config().subBufferCount());
                    fill(victim, random);
                    int fd = agent.open(mount.file("victim/cpu0"), "O_RDONLY|O_NONBLOCK");
                    String what = "seed " + SEED + ", step " + step + ", " + memory.mutate(random);
                    long before = System.nanoTime();
                    agent.outcome("read", fd, 5000);
                    agent.outcome("poll", fd, 0);
                    for (String file : List.of("write", "flush", "reset")) {
                        write(agent, mount.file("victim/" + file));
                    }
                    agent.outcome("read", fd, 5000);
                    agent.call("cat", mount.file("victim/stats")).asText();
                    assertThat(agent.call("cat", mount.file("channels")).asText())
                            .as(what)
                            .contains("beside ");
                    isExact(beside, what);
                    agent.call("close", fd);
                    assertThat(System.nanoTime() - before).as(what).isLessThan(10 * MOST_NS);
                }
            }
        }
    }

    private static void write(Agent agent, String file) throws Exception {
        int fd = agent.open(file, "O_WRONLY");
        agent.outcome("write", fd, "1");
        agent.call("close", fd);
    }

    /// Those of the report, by name. What was written before is gone, and the client is told.
    @ParameterizedTest
    @CsvSource({"RESERVE", "CONSUMED", "DELIVERED", "READ_OFFSET"})
    void whatCannotBeIsAnError(String word) throws Exception {
        try (TestMount mount = TestMount.open();
                RelayChannel channel =
                        mount.relay().open("app", ChannelConfig.of(4096, 5).withGlobal(true));
                Agent agent = Agent.start()) {
            channel.write(bytes("lost"));
            int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY");
            DamagedMemory memory = DamagedMemory.of(channel.folder(), 5);
            switch (word) {
                case "RESERVE" -> {
                    Geometry geometry = new Geometry(4096, 5, 0);
                    memory.word(BufferHeader.RESERVE_OFFSET, geometry.reserveWord(1, 7, 5, geometry.liveBit()));
                }
                case "CONSUMED" -> memory.word(BufferHeader.CONSUMED_OFFSET, 1L << 60);
                case "DELIVERED" -> memory.word(BufferHeader.DELIVERED_OFFSET, -4000);
                default -> memory.word(BufferHeader.READ_OFFSET_OFFSET, -(1L << 40));
            }
            assertThat(agent.outcome("read", fd, 100)).isEqualTo("EIO");
            assertThat(channel.write(bytes("more"))).isEqualTo(WriteResult.DAMAGED);
            int write = agent.open(mount.file("app/write"), "O_WRONLY");
            assertThat(agent.outcome("write", write, "more")).isEqualTo("EIO");
            assertThat(agent.poll(fd, 0)).contains("POLLIN");
            assertThat(agent.call("cat", mount.file("channels")).asText()).contains("damaged");
            assertThat(agent.call("cat", mount.file("app/stats")).asText().strip())
                    .endsWith(" 1");
            channel.close();
            try (RelayChannel again =
                    mount.relay().open("app", ChannelConfig.of(4096, 5).withGlobal(true))) {
                assertThat(again.write(bytes("fresh"))).isEqualTo(5);
                assertThat(read(again.buffers().getFirst())).isEqualTo("fresh");
            }
        }
    }
}
