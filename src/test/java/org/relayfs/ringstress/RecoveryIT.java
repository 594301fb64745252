package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelMode;
import org.relayfs.memory.SharedFolder;
import org.relayfs.ringstress.Progress.Count;
import org.relayfs.testing.Client;
import org.relayfs.tool.recovery.RecoverCommand;
import picocli.CommandLine;

/// An owner is killed while its own threads and an attached process write at full speed: what they had been told to be
/// accepted, and nobody had read, is in the files of `relayfs recover`.
///
/// `-Drelayfs.recover.rounds=100` for the long run.
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecoveryIT {
    private static final int ROUNDS = Integer.getInteger("relayfs.recover.rounds", 5);
    private static final int OWN = 4;
    private static final int OTHERS = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    /// How a round goes.
    ///
    /// @param global    one buffer for all
    /// @param mode      of the channel
    /// @param header    true: with padding headers
    /// @param lives     true: the attached process lives on
    private record Round(boolean global, ChannelMode mode, boolean header, boolean lives) {
        static Round of(int number) {
            ChannelMode mode = number % 5 == 3 ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE;
            return new Round(number % 2 == 0, mode, number % 5 == 2, number % 5 == 4);
        }

        boolean reads() {
            return mode == ChannelMode.NO_OVERWRITE;
        }
    }

    @Test
    void whatWasAcceptedAndNotReadIsRecovered() throws Exception {
        SplittableRandom random = new SplittableRandom();
        long doubtful = 0;
        long unfinished = 0;
        long missing = 0;
        long records = 0;
        for (int number = 0; number < ROUNDS; number++) {
            Path folder = Files.createDirectory(temp.resolve("round" + number));
            Outcome outcome = run(Round.of(number), folder, random);
            doubtful += outcome.doubtful;
            unfinished += outcome.unfinished;
            missing += outcome.missing;
            records += outcome.records;
        }
        System.out.printf(
                "recovery: %d rounds, %d records, %d unfinished, %d in doubt, %d accepted and missing%n",
                ROUNDS, records, unfinished, doubtful, missing);
        assertThat(missing).as("not more than what is said to be in doubt").isLessThanOrEqualTo(doubtful);
    }

    private record Outcome(long records, long unfinished, long doubtful, long missing) {}

    private static Outcome run(Round round, Path folder, SplittableRandom random) throws Exception {
        Path journal = folder.resolve("journal");
        Progress progress = Progress.open(journal);
        Path memory = null;
        try (Client owner = Client.startJava(
                DyingOwner.class,
                journal.toString(),
                folder.toString().concat("/read"),
                String.valueOf(OWN),
                round.mode.name(),
                String.valueOf(round.global),
                String.valueOf(round.header),
                String.valueOf(round.reads()))) {
            Files.createDirectory(folder.resolve("read"));
            memory = Path.of(owner.awaitLine("folder ").substring("folder ".length()));
            try (Client other = Client.startJava(
                            AttachedWriters.class,
                            memory.toString(),
                            journal.toString(),
                            String.valueOf(OWN),
                            String.valueOf(OTHERS),
                            String.valueOf(round.reads()),
                            "900",
                            "5000")
                    .awaitReady()) {
                start(owner);
                start(other);
                awaitProgress(progress);
                Thread.sleep(random.nextInt(5, 60));
                if (random.nextBoolean() && !round.lives) {
                    other.signal("KILL").awaitEnd();
                }
                owner.signal("KILL").awaitEnd();
                if (!round.lives && other.isAlive()) {
                    other.signal("KILL").awaitEnd();
                }
                return check(round, folder, memory, progress);
            }
        } finally {
            if (memory != null) {
                SharedFolder.remove(memory.getParent());
            }
        }
    }

    private static void start(Client client) throws IOException {
        client.input().write('\n');
        client.input().flush();
    }

    private static void awaitProgress(Progress progress) throws InterruptedException {
        for (int writer = 0; writer < OWN + OTHERS; writer++) {
            for (int i = 0; i < 20_000 && progress.get(writer, Count.ACCEPTED) < 50; i++) {
                Thread.sleep(1);
            }
            assertThat(progress.get(writer, Count.ACCEPTED)).isGreaterThanOrEqualTo(50);
        }
    }

    private static Outcome check(Round round, Path folder, Path memory, Progress progress) throws Exception {
        long[] accepted = accepted(progress);
        long acceptedBytes = progress.sum(Count.ACCEPTED_BYTES);
        long before = round.lives ? 0 : checksum(memory);
        JsonNode found = recover(memory.getParent(), folder.resolve("out"));
        assertThat(found.get("survivors").asInt()).isEqualTo(round.lives ? 1 : 0);
        if (!round.lives) {
            assertThat(checksum(memory)).as("the memory is as it was").isEqualTo(before);
        }
        Records records = new Records(round.header);
        long bytes = 0;
        long doubtful = 0;
        long unfinished = 0;
        long overwritten = 0;
        for (JsonNode buffer : found.get("buffers")) {
            assertThat(buffer.get("damage").isNull()).as(found::toString).isTrue();
            byte[] stream = stream(
                    folder,
                    buffer.get("file").asText(),
                    Path.of(found.get("output").asText()));
            records.add(stream);
            bytes += stream.length;
            doubtful += buffer.get("doubtful").asLong();
            unfinished += buffer.get("unfinished").asLong();
            overwritten += buffer.get("overwritten").asLong();
        }
        assertThat(unfinished).isLessThanOrEqualTo(OWN + OTHERS);
        if (round.reads()) {
            return new Outcome(records.count, unfinished, doubtful, records.missing(accepted, round.lives));
        }
        // Each writer may have had one more record taken than it could note. None is given back in these rounds.
        long most = acceptedBytes + (OWN + OTHERS) * StressRecord.MAX_LENGTH;
        assertThat(bytes + overwritten).isBetween(acceptedBytes, most);
        return new Outcome(records.count, unfinished, doubtful, 0);
    }

    private static long[] accepted(Progress progress) {
        long[] accepted = new long[OWN + OTHERS];
        Arrays.setAll(accepted, writer -> progress.get(writer, Count.ACCEPTED));
        return accepted;
    }

    private static JsonNode recover(Path owner, Path output) throws IOException {
        StringWriter text = new StringWriter();
        int code = new CommandLine(new RecoverCommand())
                .setOut(new PrintWriter(text))
                .execute(owner.toString(), "-o", output.toString(), "--json");
        JsonNode all = JSON.readTree(text.toString()).get("channels");
        assertThat(all).hasSize(1);
        assertThat(code).isEqualTo(all.get(0).get("incomplete").asBoolean() ? 3 : 0);
        return all.get(0);
    }

    private static long checksum(Path folder) throws IOException {
        CRC32C checksum = new CRC32C();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                checksum.update(Files.readAllBytes(file));
            }
        }
        return checksum.getValue();
    }

    /// What the owner has read, and then what was recovered. The last piece that it read may not have been consumed: it
    /// is in both then.
    private static byte[] stream(Path folder, String file, Path output) throws IOException {
        byte[] recovered = Files.readAllBytes(output.resolve(file));
        Path read = folder.resolve("read").resolve(file);
        if (!Files.exists(read)) {
            return recovered;
        }
        byte[] all = Files.readAllBytes(read);
        Progress journal = Progress.open(folder.resolve("read").resolve("journal"));
        int consumed = (int) journal.get(Integer.parseInt(file.substring("cpu".length())), Count.ACCEPTED_BYTES);
        boolean again = all.length - consumed <= recovered.length
                && Arrays.equals(all, consumed, all.length, recovered, 0, all.length - consumed);
        byte[] stream = Arrays.copyOf(all, (again ? consumed : all.length) + recovered.length);
        System.arraycopy(recovered, 0, stream, stream.length - recovered.length, recovered.length);
        return stream;
    }

    /// The records of all buffers.
    private static final class Records {
        private final boolean headers;
        private final BitSet[] numbers = new BitSet[OWN + OTHERS];
        private long count;

        Records(boolean headers) {
            this.headers = headers;
            Arrays.setAll(numbers, writer -> new BitSet());
        }

        void add(byte[] stream) {
            byte[] plain = headers ? withoutHeaders(stream) : stream;
            long[] last = new long[OWN + OTHERS];
            Arrays.fill(last, -1);
            long used = StressRecord.parse(MemorySegment.ofArray(plain), plain.length, (writer, number, length) -> {
                assertThat(number).as("in order").isGreaterThan(last[writer]);
                last[writer] = number;
                assertThat(numbers[writer].get((int) number)).as("twice").isFalse();
                numbers[writer].set((int) number);
                count++;
            });
            assertThat(used).as("whole records").isEqualTo(plain.length);
        }

        // No record has 0 where its checksum is.
        private static byte[] withoutHeaders(byte[] stream) {
            ByteBuffer from = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer to = ByteBuffer.allocate(stream.length);
            while (from.remaining() >= Long.BYTES) {
                int length = from.getInt(from.position() + Integer.BYTES) == 0
                        ? 0
                        : Math.clamp(from.getInt(from.position()), Long.BYTES, from.remaining());
                to.put(from.slice(from.position(), length));
                from.position(from.position() + (length == 0 ? Long.BYTES : length));
            }
            return Arrays.copyOf(to.array(), to.position());
        }

        /// {@return how many that were accepted are not there}
        long missing(long[] accepted, boolean lives) {
            long missing = 0;
            for (int writer = 0; writer < accepted.length; writer++) {
                int known = (int) accepted[writer];
                missing += known - numbers[writer].get(0, known).cardinality();
                // One may have been accepted before its writer could note it.
                int most = lives && writer >= OWN ? Integer.MAX_VALUE : known + 1;
                assertThat(numbers[writer].length()).isLessThanOrEqualTo(most);
            }
            return missing;
        }
    }
}
