package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.SwitchPolicy;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.Geometry;

/// Random operations, one after another, on a buffer and on [BufferModel]: everything that can be seen must agree
/// after each of them. Geometry, mode and header are random too. A failure names the seed; to run it again:
/// `-Dtest.jvm=-Drelayfs.seed=<seed>`. For a longer run: `-Drelayfs.operations=<number>`.
class BufferModelTest {
    private static final int OPERATIONS = Integer.getInteger("relayfs.operations", 1_000_000);
    private static final int MAX_SIZE = 200;
    private static final int MAX_COUNT = 9;

    @Test
    void agreesWithThePlainListModel() {
        Long replay = Long.getLong("relayfs.seed");
        TestBuffers memory = new TestBuffers(MAX_SIZE * MAX_COUNT, MAX_COUNT);
        if (replay != null) {
            new Scenario(memory, replay).run();
            return;
        }
        long seed = System.nanoTime();
        long operations = 0;
        while (operations < OPERATIONS) {
            operations += new Scenario(memory, seed++).run();
        }
        assertThat(operations).isGreaterThanOrEqualTo(OPERATIONS);
    }

    private static final class Scenario {
        private final long seed;
        private final SplittableRandom random;
        private final String geometry;
        private final int size;
        private final int count;
        private final RingBuffer buffer;
        private final BufferModel model;
        private final byte[] record = new byte[MAX_SIZE + 2];
        private final List<String> log = new ArrayList<>();
        private final List<Pair> reserved = new ArrayList<>();
        private byte letter;
        private int attempts;
        private boolean live = true;

        private record Pair(
                RingReservation reservation, BufferModel.Space space, byte[] bytes, boolean[] beforeReset) {}

        Scenario(TestBuffers memory, long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.size = random.nextInt(4) == 0 ? random.nextInt(1, 12) : random.nextInt(1, MAX_SIZE + 1);
            this.count = random.nextInt(1, MAX_COUNT + 1);
            int kind = random.nextInt(6);
            boolean overwrite = kind % 2 == 1;
            int padding = kind < 4 || size < 6 ? 0 : size >= 10 && random.nextBoolean() ? 8 : 4;
            int header = padding;
            SwitchPolicy policy = null;
            BufferModel.Client client = null;
            if (kind == 2 || kind == 3) {
                int reserve = size > 2 ? random.nextInt(0, Math.min(size - 1, 20)) : 0;
                header = reserve;
                long whims = random.nextLong();
                boolean refusesAtRandom = random.nextBoolean();
                client = (full, attempt) -> refusesAtRandom ? (whims >>> (attempt & 63) & 3) != 0 : overwrite || !full;
                BufferModel.Client decide = client;
                policy = start -> {
                    start.reserveHeader(reserve).fill((byte) '.');
                    return decide.accepts(start.isFull(), attempts++);
                };
            }
            this.geometry = "S=%d N=%d %s header=%d %s"
                    .formatted(
                            size, count, overwrite, header, policy != null ? "client" : padding > 0 ? "padding" : "");
            this.buffer = memory.create(new Geometry(size, count, padding), overwrite, policy, TestBuffers.NEVER_NS);
            this.model = new BufferModel(size, count, overwrite, header, padding > 0, client);
        }

        int run() {
            int operations = random.nextInt(50, 600);
            boolean reservations = random.nextInt(3) == 0;
            boolean settings = random.nextInt(3) == 0;
            boolean mixed = random.nextInt(4) == 0;
            boolean byCount = random.nextBoolean();
            try {
                compare();
                for (int i = 0; i < operations; i++) {
                    step(reservations, settings, mixed, byCount);
                    compare();
                }
                finish();
            } catch (RuntimeException | AssertionError e) {
                fail(
                        "seed %d: %s%nlast steps: %s"
                                .formatted(seed, geometry, log.subList(Math.max(0, log.size() - 30), log.size())),
                        e);
            }
            return operations;
        }

        private void step(boolean reservations, boolean settings, boolean mixed, boolean byCount) {
            int choice = random.nextInt(100);
            if (choice < 45) {
                write();
            } else if (choice < 65) {
                if (!mixed && byCount || mixed && random.nextBoolean()) {
                    consume();
                } else {
                    read(random.nextInt(4) == 0 ? 1000 : random.nextInt(0, 2 * size + 2));
                }
            } else if (choice < 73) {
                log.add("flush");
                buffer.flush();
                model.flush();
            } else if (choice < 96) {
                if (reservations) {
                    reserveOrFinish();
                } else {
                    write();
                }
            } else if (choice < 98) {
                if (settings) {
                    toggle();
                }
            } else if (random.nextInt(4) == 0) {
                log.add("reset");
                buffer.reset();
                model.reset();
                reserved.forEach(pair -> pair.beforeReset[0] = true);
            }
        }

        private byte[] letters(int length) {
            for (int i = 0; i < length; i++) {
                record[i] = letter++;
            }
            return Arrays.copyOf(record, length);
        }

        private int length() {
            return switch (random.nextInt(8)) {
                case 0 -> random.nextInt(0, size + 3);
                case 1 -> size;
                case 2 -> 0;
                default -> random.nextInt(1, Math.max(2, size / 3 + 1));
            };
        }

        private void write() {
            byte[] bytes = letters(Math.min(length(), size + 2));
            log.add("write " + bytes.length);
            int result = buffer.write(MemorySegment.ofArray(bytes), 0, bytes.length);
            assertThat(result).as("result of write").isEqualTo(model.write(bytes));
        }

        private void read(int length) {
            log.add("read " + length);
            MemorySegment target = MemorySegment.ofArray(new byte[length]);
            int read = buffer.read(target, 0, length);
            assertThat(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE))
                    .as("bytes read")
                    .isEqualTo(model.read(length));
        }

        private void consume() {
            int number = random.nextInt(6) == 0 ? count + 1 : random.nextInt(-1, count + 1);
            log.add("consumed " + number);
            buffer.subBuffersConsumed(number);
            model.subBuffersConsumed(number);
        }

        private void reserveOrFinish() {
            if (reserved.size() < 3 && random.nextBoolean()) {
                byte[] bytes = letters(length());
                log.add("reserve " + bytes.length);
                boolean resumes = bytes.length == 0 && !buffer.ring.geometry.isOpen(buffer.ring.reserve());
                RingReservation reservation = new RingReservation();
                int result = buffer.reserve(reservation, bytes.length);
                BufferModel.Space space = model.reserve(bytes.length);
                // relay_reserve(0) answers NULL when it resumes.
                int expected = space == null ? model.refusal() : resumes ? WriteResult.FULL : bytes.length;
                assertThat(result).as("result of reserve").isEqualTo(expected);
                if (result >= 0) {
                    reserved.add(new Pair(reservation, space, bytes, new boolean[1]));
                }
            } else if (!reserved.isEmpty()) {
                end(reserved.remove(random.nextInt(reserved.size())), random.nextInt(3) == 0);
            }
        }

        private void end(Pair pair, boolean abort) {
            log.add((abort ? "abort " : "commit ") + pair.bytes.length);
            if (abort) {
                pair.reservation.abort();
                model.abort(pair.space, pair.beforeReset[0]);
            } else {
                pair.reservation.putBytes(0, pair.bytes, 0, pair.bytes.length);
                pair.reservation.commit();
                model.commit(pair.space, pair.bytes, pair.beforeReset[0]);
            }
        }

        private void toggle() {
            live = !live;
            log.add(live ? "enable" : "disable");
            buffer.setLive(live);
            if (!live) {
                buffer.flush();
            }
            model.setLive(live);
        }

        // The channel is closed with everything that is still in it.
        private void finish() {
            while (!reserved.isEmpty()) {
                end(reserved.removeLast(), false);
                compare();
            }
            log.add("close");
            buffer.finalizeBuffer();
            assertThat(buffer.write(MemorySegment.ofArray(record), 0, 1)).isEqualTo(WriteResult.CLOSED);
            for (int i = 0; i <= count; i++) {
                read(MAX_SIZE * MAX_COUNT);
                compare();
            }
            assertThat(buffer.hasData()).isFalse();
        }

        private void compare() {
            BufferStats stats = buffer.stats();
            check("P", buffer.produced(), model.produced());
            check("C", buffer.consumed(), model.consumed);
            check("st_size", buffer.fileSize(), model.fileSize);
            check("full", stats.full(), model.full);
            check("big", stats.big(), model.big);
            check("straggler", stats.straggler(), model.straggler);
            check("lostBytes", stats.lostBytes(), model.lostBytes);
            check("records", stats.records(), model.records);
            check("skipped", stats.skipped(), model.skipped);
            check("abandoned", stats.abandoned(), model.abandoned);
            check("abandonedBytes", stats.abandonedBytes(), model.abandonedBytes);
            check("bytesWritten", stats.bytesWritten(), model.bytesWritten());
            check("poll", buffer.isReadable() ? 1 : 0, model.isReadable() ? 1 : 0);
            check("hasData", buffer.hasData() ? 1 : 0, model.hasData() ? 1 : 0);
            check("unbooked", Verdict.unbooked(buffer.ring, List.of()).orElseThrow(), 0);
            check("isFull", buffer.isFull() ? 1 : 0, model.isFull() ? 1 : 0);
            for (int slot = 0; slot < count; slot++) {
                check("padding", buffer.paddingBytes(slot), model.padding(slot));
            }
            if (!model.carried) {
                check("ready", stats.ready(), model.ready());
                check("bytesRead", stats.bytesRead(), model.bytesRead);
                check("overwritten", stats.overwritten(), model.overwritten());
            }
        }

        private static void check(String what, long actual, long expected) {
            if (actual != expected) {
                throw new AssertionError(what + ": is " + actual + ", the model says " + expected);
            }
        }
    }
}
