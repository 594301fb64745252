package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.EventLayout;
import org.relayfs.testing.Client;

/// Three writers of two processes that wait for room. In each round the reader makes room for three records, at any
/// moment of the writers' arming, trying and falling asleep, and each of them writes one. A wake-up that is
/// lost would cost the whole time limit. For longer: `-Dtest.jvm=-Drelayfs.stress.seconds=60`.
class RoomStressIT {
    private static final long SECONDS = Long.getLong("relayfs.stress.seconds", 1);
    private static final int LIMIT_MS = 10_000;
    private static final int MAX_SPINS = 2_000;
    private static final int SIZE = 64;
    private static final int COUNT = 4;
    private static final int WRITERS = 3;

    /// How many records were written so far: one fills a sub-buffer.
    private static long records(RingBuffer buffer) {
        return buffer.ring.geometry.position(buffer.ring.reserve()) + 1 - buffer.ring.base();
    }

    /// Writes until the channel is closed, without ever looking by itself.
    private static final class Writer implements Runnable {
        private final RingBuffer buffer;
        private final Bell bell;
        private final MemorySegment record = MemorySegment.ofArray(new byte[SIZE]);
        private long written;
        private long slept;
        private int ended;
        private volatile Throwable failure;

        /// @param bell to wait by; null: as a thread of the owner
        Writer(RingBuffer buffer, Bell bell) {
            this.buffer = buffer;
            this.bell = bell;
        }

        @Override
        public void run() {
            try (RoomWait room = bell == null ? buffer.waitForRoom() : new PatientRoomWait(bell)) {
                int result = SIZE;
                for (long round = 0; result == SIZE; round++) {
                    awaitRound(round);
                    result = write(room);
                    written += result == SIZE ? 1 : 0;
                }
                ended = result;
            } catch (Throwable t) {
                failure = t;
            }
        }

        @Override
        public String toString() {
            return "written " + written + " slept " + slept + " ended " + ended + " failed " + failure;
        }

        private void awaitRound(long round) {
            while (records(buffer) < COUNT + round * WRITERS && !buffer.isFinalized()) {
                Thread.yield();
            }
        }

        private int write(RoomWait room) {
            room.arm();
            int result = buffer.tryIfRoom(EventLayout.BYTES, record, 0, SIZE);
            while (result == WriteResult.FULL || result == WriteResult.STRAGGLER) {
                if (result == WriteResult.FULL) {
                    sleep(room);
                }
                room.arm();
                result = buffer.tryIfRoom(EventLayout.BYTES, record, 0, SIZE);
            }
            return result;
        }

        private void sleep(RoomWait room) {
            long before = System.nanoTime();
            room.await(TimeUnit.MILLISECONDS.toNanos(LIMIT_MS));
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before) >= LIMIT_MS) {
                throw new AssertionError("lost: nobody has woken it");
            }
            slept++;
        }
    }

    /// [AttachedRoomWait] without its own looks.
    private record PatientRoomWait(Bell bell, AtomicLong armed) implements RoomWait {
        PatientRoomWait(Bell bell) {
            this(bell, new AtomicLong());
        }

        @Override
        public void arm() {
            armed.set(bell.arm());
        }

        @Override
        public void await(long maxNs) {
            bell.await((int) armed.get(), TimeUnit.NANOSECONDS.toMillis(maxNs));
        }

        @Override
        public void close() {
            // Nothing to be given back.
        }
    }

    /// The other process.
    static final class Attached {
        private Attached() {}

        /// Writes until the channel is closed.
        ///
        /// @param args its folder
        public static void main(String[] args) throws IOException, InterruptedException {
            RingBuffer buffer = ChannelMemory.attach(Path.of(args[0]), -1).attachBuffer(0);
            Bell bell = Bell.ofRoom(buffer.ring);
            Writer[] writers = {new Writer(buffer, bell), new Writer(buffer, bell)};
            Thread[] threads = {new Thread(writers[0]), new Thread(writers[1])};
            System.out.println("ready");
            for (Thread thread : threads) {
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (Writer writer : writers) {
                System.out.println(writer);
            }
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void noWakeUpIsLost() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel =
                        relay.open("room", ChannelConfig.of(SIZE, COUNT).withGlobal(true));
                Client other = Client.startJava(Attached.class, channel.folder().toString())) {
            RingBuffer buffer = RingBuffer.of(channel.buffers().getFirst());
            while (buffer.writeIfRoom(MemorySegment.ofArray(new byte[SIZE]), 0, SIZE) == SIZE) {
                // Until it is full.
            }
            other.awaitReady();
            Writer own = new Writer(buffer, null);
            Thread thread = Thread.ofPlatform().start(own);
            long rounds = makeRoom(buffer, own, other);
            channel.close();
            thread.join();
            List<String> all = List.of(own.toString(), other.awaitLine("written "), other.awaitLine("written "));
            System.out.println("room: " + rounds + " rounds; " + all);
            assertThat(own.slept).isPositive();
            assertThat(all)
                    .allMatch(writer -> writer.startsWith("written " + rounds + " slept ")
                            && writer.endsWith("ended " + WriteResult.CLOSED + " failed null"));
        }
    }

    /// {@return how many rounds there were}
    private static long makeRoom(RingBuffer buffer, Writer own, Client other) {
        SplittableRandom random = new SplittableRandom(3);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long rounds = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < WRITERS; i++) {
                for (int spins = random.nextInt(MAX_SPINS); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                // What its writer is just about to deliver cannot be consumed yet.
                for (long before = buffer.consumed(); buffer.consumed() == before; ) {
                    buffer.subBuffersConsumed(1);
                }
            }
            rounds++;
            long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
            while (records(buffer) < COUNT + rounds * WRITERS) {
                assertThat(System.nanoTime()).as("%s %s", own, other).isLessThan(limit);
                Thread.onSpinWait();
            }
        }
        return rounds;
    }
}
