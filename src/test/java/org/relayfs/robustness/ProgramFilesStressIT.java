package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.ContentSource;
import org.relayfs.fuse.FileWrite;
import org.relayfs.fuse.MountFiles;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.MountedDirectory;
import org.relayfs.fuse.MountedFile;
import org.relayfs.fuse.RefusedException;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// Four processes do random things to fifty files of the program that serves the mount, three of which hang, while it
/// makes and removes others, and two threads write to two channels that two clients read. Every operation on a file
/// that does not hang is answered as agreed, and those streams are exact.
///
/// `-Drelayfs.files.operations=100000` for the long run, `-Drelayfs.fuzz.seed=N` to repeat one.
@MountTest
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ProgramFilesStressIT {
    private static final int PROCESSES = 4;
    private static final int FILES = 50;
    private static final int DIRECTORIES = 5;
    private static final int HANGING = 3;
    private static final int WRITERS = 2;
    private static final int OPERATIONS = Integer.getInteger("relayfs.files.operations", 2_000);
    private static final long SEED = Long.getLong("relayfs.fuzz.seed", System.nanoTime() & 0xffffff);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<MountedFile> made = new ArrayList<>();
    private final long[][] written = new long[WRITERS][Load.CHANNELS.size()];

    @Test
    void fiftyFilesAreUsedAtOnceAndStreamsStayExact() throws Exception {
        System.out.println("program files: seed " + SEED);
        List<AutoCloseable> clients = new ArrayList<>();
        try (TestMount mounted = TestMount.open(MountOptions.defaults().withHandlerTimeout(PATIENCE))) {
            List<RelayChannel> channels = new ArrayList<>();
            List<Client> readers = new ArrayList<>();
            for (String name : Load.CHANNELS) {
                channels.add(mounted.relay().open(name, ChannelConfig.of(65536, 8)));
                readers.add(Client.start(Programs.c("checking_reader"), mounted.file(name)));
            }
            clients.addAll(readers);
            readers.forEach(ProgramFilesStressIT::awaitReady);
            makeFiles(mounted.mount().files());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                threads.add(Thread.ofPlatform().start(() -> write(writer, channels)));
            }
            threads.add(Thread.ofPlatform().start(() -> change(mounted.mount().files())));
            useFiles(mounted, clients);
            ended.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            channels.forEach(RelayChannel::close);
            for (int channel = 0; channel < channels.size(); channel++) {
                assertExact(readers.get(channel), channel);
            }
            release.countDown();
            assertThat(mounted.sh("until cat own0/hangs-0 2> /dev/null; do sleep 0.01; done; head -n 1 version"))
                    .startsWith("hangs-0 0 ")
                    .contains("relayfs ");
        } finally {
            ended.set(true);
            release.countDown();
            for (AutoCloseable client : clients) {
                client.close();
            }
        }
    }

    private static void awaitReady(Client reader) {
        try {
            reader.awaitReady();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String kind(int number) {
        return number < HANGING ? "hangs" : number % 10 == 7 ? "even" : number % 10 == 8 ? "throws" : "value";
    }

    private void makeFiles(MountFiles files) {
        for (int i = 0; i < DIRECTORIES; i++) {
            files.directory("own" + i, 0755);
        }
        for (int i = 0; i < FILES; i++) {
            String kind = kind(i);
            Value value = new Value(kind, kind + "-" + i);
            made.add(files.file("own" + i % DIRECTORIES + "/" + value.name, 0600, value, value::set));
        }
    }

    /// A number, shown with its file's name and a sum over both.
    private final class Value implements ContentSource {
        private final String kind;
        private final String name;
        private int calls;
        private long number;

        Value(String kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        @Override
        public byte[] content() {
            misbehave();
            String text = name + " " + number;
            CRC32 sum = new CRC32();
            sum.update(text.getBytes(StandardCharsets.US_ASCII));
            return (text + " " + sum.getValue() + "\n").getBytes(StandardCharsets.US_ASCII);
        }

        void set(FileWrite write) throws RefusedException {
            misbehave();
            if (!write.text().matches("-?[0-9]{1,9}")) {
                throw new RefusedException("EINVAL", name + ": not a number");
            }
            long wanted = Long.parseLong(write.text());
            if (kind.equals("even") && wanted % 2 != 0) {
                throw new RefusedException("EINVAL", name + ": value=" + wanted + " is odd");
            }
            number = wanted;
        }

        private void misbehave() {
            if (kind.equals("throws") && ++calls % 3 == 0) {
                throw new IllegalStateException("call " + calls);
            }
            boolean released = !kind.equals("hangs");
            while (!released) {
                try {
                    release.await();
                    released = true;
                } catch (InterruptedException e) {
                    // It hangs whatever is done to it.
                }
            }
        }
    }

    private void write(int writer, List<RelayChannel> channels) {
        SplittableRandom random = new SplittableRandom(SEED + writer);
        while (!ended.get()) {
            int channel = random.nextInt(channels.size());
            for (int i = random.nextInt(200); i >= 0; i--) {
                byte[] record = CheckedRecord.make(writer, written[writer][channel], random.nextInt(60));
                if (channels.get(channel).write(record) >= 0) {
                    written[writer][channel]++;
                } else {
                    LockSupport.parkNanos(50_000);
                }
            }
            LockSupport.parkNanos(random.nextInt(2_000_000));
        }
    }

    /// Other files and directories come and go, and pollers are told of changes that are none.
    private void change(MountFiles files) {
        SplittableRandom random = new SplittableRandom(SEED);
        while (!ended.get()) {
            try (MountedDirectory directory = files.directory("more/d" + random.nextInt(10), 0755);
                    MountedFile file = files.file(
                            directory.path().substring(1) + "/f", 0600, () -> new byte[random.nextInt(100)], null)) {
                for (int i = 0; i < 20; i++) {
                    made.get(random.nextInt(FILES)).notifyChanged();
                }
                file.notifyChanged();
                LockSupport.parkNanos(random.nextInt(5_000_000));
            }
        }
    }

    private static void useFiles(TestMount mounted, List<AutoCloseable> clients) throws Exception {
        List<Client> users = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < PROCESSES; i++) {
            users.add(Client.start(
                    "python3",
                    Programs.python("program_files"),
                    mounted.path().toString(),
                    Long.toString(SEED + i),
                    Integer.toString(OPERATIONS / PROCESSES)));
        }
        clients.addAll(users);
        for (Client user : users) {
            user.awaitLine("others done");
        }
        System.out.println("program files: " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
        for (Client user : users) {
            System.out.println("program files: " + user.awaitLine("operations"));
            user.awaitSuccess();
        }
    }

    private void assertExact(Client reader, int channel) throws Exception {
        Map<String, String> read = new HashMap<>();
        reader.awaitSuccess()
                .output()
                .lines()
                .filter(line -> line.startsWith("read "))
                .forEach(line -> {
                    String[] words = line.split(" ", 3);
                    read.put(words[1], words[2]);
                });
        Map<String, String> wanted = new HashMap<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            long count = written[writer][channel];
            String sum = Long.toUnsignedString(CheckedRecord.sumOfTheFirst(count));
            wanted.put(Integer.toString(writer), count + " " + sum);
        }
        System.out.println("program files: records of a channel, by writer " + wanted);
        assertThat(read).isEqualTo(wanted);
    }
}
