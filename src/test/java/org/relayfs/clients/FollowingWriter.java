package org.relayfs.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.relayfs.AttachedChannel;
import org.relayfs.buffer.WriteResult;

/// Attaches to a channel and writes [NumberedRecords] as fast as it can, until its input ends or it is killed. Then it
/// says how many it has written, how often the buffer was full, and what it holds.
final class FollowingWriter {
    private static final int CHECK_EVERY = 64;
    private static final long PAUSE_NS = 50_000;

    private FollowingWriter() {}

    /// @param args the channel's folder, the number of the thread, the longest record
    public static void main(String[] args) throws IOException {
        int thread = Integer.parseInt(args[1]);
        int longest = Integer.parseInt(args[2]);
        SplittableRandom random = new SplittableRandom(thread);
        long written = 0;
        long full = 0;
        try (AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]))) {
            System.out.println("ready");
            while (written % CHECK_EVERY != 0 || System.in.available() == 0) {
                byte[] record = NumberedRecords.make(
                        thread, written, random.nextInt(NumberedRecords.HEADER_LENGTH, longest + 1));
                int result = channel.write(record);
                while (result == WriteResult.FULL) {
                    full++;
                    LockSupport.parkNanos(PAUSE_NS);
                    result = channel.write(record);
                }
                if (result != record.length) {
                    System.out.println("refused: " + result);
                    System.exit(1);
                }
                written++;
            }
            System.gc();
            System.out.println("locks " + locks());
        }
        System.out.println("written " + written + " full " + full);
    }

    private static long locks() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(FollowingWriter::isLocks).count();
        }
    }

    private static boolean isLocks(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).endsWith("locks");
        } catch (IOException e) {
            return false; // the one that lists them
        }
    }
}
