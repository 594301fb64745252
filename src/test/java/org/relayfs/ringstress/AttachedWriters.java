package org.relayfs.ringstress;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.relayfs.AttachedChannel;
import org.relayfs.buffer.Reservation;

/// A process that attaches to a channel and writes until somebody closes its standard input, or kills it.
final class AttachedWriters {
    private AttachedWriters() {}

    /// Writes.
    ///
    /// @param args channel folder, progress file, first writer, threads, aborts, direct, big length
    public static void main(String[] args) throws IOException, InterruptedException {
        Progress progress = Progress.open(Path.of(args[1]));
        int first = Integer.parseInt(args[2]);
        AtomicBoolean ended = new AtomicBoolean();
        try (AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]))) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[3]); i++) {
                StressWriter writer = new StressWriter(
                        targetOf(channel),
                        first + i,
                        progress,
                        Boolean.parseBoolean(args[4]),
                        Integer.parseInt(args[5]),
                        Integer.parseInt(args[6]),
                        () -> !ended.get());
                threads.add(Thread.ofPlatform().unstarted(writer));
            }
            System.out.println("ready");
            System.in.read();
            threads.forEach(Thread::start);
            while (System.in.read() >= 0) {
                // Until the end.
            }
            ended.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static StressWriter.Target targetOf(AttachedChannel channel) {
        return new StressWriter.Target() {
            @Override
            public int write(byte[] source, int offset, int length) {
                return channel.write(source, offset, length);
            }

            @Override
            public int write(MemorySegment source, long offset, int length) {
                return channel.write(source.toArray(ValueLayout.JAVA_BYTE), (int) offset, length);
            }

            @Override
            public int reserve(Reservation reservation, int length) {
                return channel.reserve(reservation, length);
            }
        };
    }
}
