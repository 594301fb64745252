package org.relayfs.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.fuse.RelayMount;

/// Compares relay files with what they could be at best: read(2) with a server in C that only copies, mmap with a
/// file on a tmpfs, the way from a switch to the return of poll(2) with one round trip to that server and with a
/// notification of that server. By turns, through one client program in C each. Prints tables in Markdown.
///
/// Arguments: the programs `fuse_copy` and `file_client`, and how many rounds.
public final class FuseComparison {
    private static final int SUB_BUFFER_SIZE = 1 << 20;
    private static final int SUB_BUFFER_COUNT = 8;
    private static final int SIZE = SUB_BUFFER_SIZE * SUB_BUFFER_COUNT;
    private static final int[] CHUNKS = {512, 4096, 65_536, 1 << 20};
    private static final int MOST_READS = 1000;
    private static final int WARM_UP_READS = 20_000;
    private static final int SCANS = 4;
    private static final int WAKE_UPS_A_ROUND = 10;
    private static final int WARM_UP_WAKE_UPS = 30_000;
    private static final long PAUSE_MS = 2;

    private final MemorySegment bytes = Arena.ofAuto().allocate(65_536);
    private final int rounds;
    private final ChannelBuffer buffer;
    private final Helper relayClient;
    private final Helper otherClient;
    private final Helper otherServer;
    private final Helper otherPoller;

    private FuseComparison(
            int rounds,
            ChannelBuffer buffer,
            Helper relayClient,
            Helper otherClient,
            Helper otherServer,
            Helper otherPoller) {
        this.rounds = rounds;
        this.buffer = buffer;
        this.relayClient = relayClient;
        this.otherClient = otherClient;
        this.otherServer = otherServer;
        this.otherPoller = otherPoller;
    }

    /// Runs the comparison.
    ///
    /// @param args see above
    /// @throws Exception something could not be measured
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("relayfs-bench");
        Path relayPoint = Files.createDirectory(folder.resolve("relay"));
        Path otherPoint = Files.createDirectory(folder.resolve("other"));
        Path plain = Files.createTempFile(Path.of("/dev/shm"), "relayfs-bench", null);
        try (Relay relay = Relay.create();
                RelayMount mount = RelayMount.mount(relay, relayPoint);
                Helper server = new Helper(args[0], otherPoint.toString(), Integer.toString(SIZE));
                Helper relayClient = new Helper(args[1]);
                Helper otherClient = new Helper(args[1]);
                Helper otherPoller = new Helper(args[1])) {
            server.answer();
            RelayChannel channel = relay.open("bench", ChannelConfig.of(SUB_BUFFER_SIZE, SUB_BUFFER_COUNT));
            ChannelBuffer buffer = channel.buffers().getFirst();
            Path file = relayPoint.resolve("bench").resolve(channel.fileName(buffer));
            relayClient.ask("open " + file);
            otherClient.ask("open " + otherPoint.resolve("data"));
            otherPoller.ask("open " + otherPoint.resolve("bell"));
            FuseComparison comparison = new FuseComparison(
                    Integer.parseInt(args[2]), buffer, relayClient, otherClient, server, otherPoller);
            comparison.warmUp();
            comparison.reading();
            comparison.wakeUp();
            Files.write(plain, new byte[SIZE]);
            relayClient.ask("map " + file + " " + SIZE);
            otherClient.ask("map " + plain + " " + SIZE);
            comparison.mapping(mount.mmapMode().text());
        } finally {
            unmount(otherPoint);
            Files.delete(plain);
            for (Path path : List.of(relayPoint, otherPoint, folder)) {
                Files.delete(path);
            }
        }
        System.exit(0);
    }

    private static void unmount(Path mountPoint) throws IOException, InterruptedException {
        int result = new ProcessBuilder("umount", mountPoint.toString()).start().waitFor();
        if (result != 0) {
            new ProcessBuilder("fusermount", "-u", mountPoint.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    private void fill() {
        int written = 0;
        while (written >= 0) {
            written = buffer.write(bytes, 0, (int) bytes.byteSize());
        }
    }

    private void warmUp() throws IOException {
        // A single round is to show that it runs.
        int share = rounds == 1 ? 100 : 1;
        for (int i = 0; i < WARM_UP_READS / share; i += MOST_READS) {
            fill();
            long[] ignored = relayClient.numbers("read 512 " + 512 * MOST_READS);
        }
        empty();
        for (int i = 0; i < WARM_UP_WAKE_UPS / share; i++) {
            double ignored = wakeUp(0);
        }
    }

    private void empty() throws IOException {
        buffer.flush();
        long[] ignored = relayClient.numbers("read " + SUB_BUFFER_SIZE + " " + Long.MAX_VALUE);
    }

    private void reading() throws IOException {
        System.out.println();
        System.out.println("| read(2) of | relayfs | C | relayfs ÷ C |");
        System.out.println("|---|---|---|---|");
        for (int chunk : CHUNKS) {
            int total = Math.min(SIZE, chunk * MOST_READS);
            String command = "read " + chunk + " " + total;
            List<double[]> pairs = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                fill();
                pairs.add(new double[] {throughput(relayClient, command), throughput(otherClient, command)});
            }
            print(chunk + " bytes", pairs, "GB/s");
        }
    }

    private static double throughput(Helper client, String command) throws IOException {
        long[] times = client.numbers(command);
        return (double) times[1] / times[0];
    }

    private void mapping(String mode) throws IOException {
        System.out.println();
        System.out.println("| mmap | relayfs (mmap=" + mode + ") | file on a tmpfs | relayfs ÷ file |");
        System.out.println("|---|---|---|---|");
        List<double[]> pairs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            double relay = relayClient.numbers("scan " + SCANS)[0];
            double plain = otherClient.numbers("scan " + SCANS)[0];
            pairs.add(new double[] {(double) SCANS * SIZE / relay, (double) SCANS * SIZE / plain});
        }
        print("copy of " + SIZE / SUB_BUFFER_SIZE + " MiB", pairs, "GB/s");
    }

    private void wakeUp() throws IOException {
        empty();
        List<double[]> trips = new ArrayList<>();
        List<double[]> rings = new ArrayList<>();
        for (int round = 0; round < rounds * WAKE_UPS_A_ROUND; round++) {
            // Each begins with a client that sleeps, on a machine that has had nothing to do for a while.
            double wakeUp = wakeUp(PAUSE_MS) / 1000;
            pause(PAUSE_MS);
            trips.add(new double[] {wakeUp, otherClient.numbers("trip 1 1")[0] / 1000.0});
            rings.add(new double[] {wakeUp, ring() / 1000});
        }
        System.out.println();
        System.out.println("| wake-up: switch to return of poll(2) | relayfs | C | relayfs ÷ C |");
        System.out.println("|---|---|---|---|");
        print("C: read(2) of a byte", trips, "µs");
        print("C: the same, notification to return of poll(2)", rings, "µs");
    }

    private double ring() throws IOException {
        otherPoller.tell("poll");
        pause(PAUSE_MS);
        long start = otherServer.numbers("ring")[0];
        return Long.parseLong(otherPoller.answer().trim()) - start;
    }

    private double wakeUp(long pauseMs) throws IOException {
        relayClient.tell("poll");
        pause(pauseMs);
        int ignored = buffer.write(bytes, 0, 64);
        long start = System.nanoTime();
        buffer.flush();
        return Long.parseLong(relayClient.answer().trim()) - start;
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void print(String name, List<double[]> pairs, String unit) {
        double ours = median(pairs.stream().mapToDouble(pair -> pair[0]).toArray());
        double theirs = median(pairs.stream().mapToDouble(pair -> pair[1]).toArray());
        double ratio =
                median(pairs.stream().mapToDouble(pair -> pair[0] / pair[1]).toArray());
        String format =
                ours < 1 ? "| %s | %.3f %s | %.3f %s | **%.2f** |%n" : "| %s | %.1f %s | %.1f %s | **%.2f** |%n";
        System.out.printf(format, name, ours, unit, theirs, unit, ratio);
    }

    private static double median(double[] values) {
        return Arrays.stream(values)
                .sorted()
                .skip(values.length / 2)
                .findFirst()
                .orElseThrow();
    }
}
