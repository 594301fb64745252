package org.relayfs.robustness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.AttachedChannel;

/// A process whose threads write [CheckedRecord]s into channels of a daemon, in bursts, until its standard input
/// ends; a character there asks how many bytes there were. Where there is no room they wait, so that nothing is
/// lost. Says then what each has written where.
final class CheckedWriters {
    static final int THREADS = 2;
    private static final int MAX_BURST = 200;
    private static final int MAX_WORDS = 60;
    private static final long ROOM_PAUSE_NS = 50_000;

    private final List<AttachedChannel> channels;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final LongAdder bytes = new LongAdder();
    private final long[][] counts;
    private final int maxPauseNs;

    private CheckedWriters(List<AttachedChannel> channels, int maxPauseNs) {
        this.channels = channels;
        this.counts = new long[THREADS][channels.size()];
        this.maxPauseNs = maxPauseNs;
    }

    /// @param args longest pause between two bursts in nanoseconds, then folders of channels
    public static void main(String[] args) throws IOException, InterruptedException {
        List<AttachedChannel> channels = new ArrayList<>();
        for (String folder : List.of(args).subList(1, args.length)) {
            channels.add(AttachedChannel.attach(Path.of(folder)));
        }
        new CheckedWriters(channels, Integer.parseInt(args[0])).run();
    }

    private void run() throws IOException, InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int writer = i;
            threads.add(Thread.ofPlatform().start(() -> write(writer)));
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            System.out.println("bytes " + bytes.sum());
        }
        ended.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        for (int writer = 0; writer < THREADS; writer++) {
            for (int channel = 0; channel < channels.size(); channel++) {
                System.out.println("written " + channel + " " + writer + " " + counts[writer][channel]);
            }
        }
        channels.forEach(AttachedChannel::close);
    }

    private void write(int writer) {
        SplittableRandom random = new SplittableRandom(writer);
        try {
            while (!ended.get()) {
                int channel = random.nextInt(channels.size());
                for (int i = random.nextInt(MAX_BURST); i >= 0 && !ended.get(); i--) {
                    byte[] record = CheckedRecord.make(writer, counts[writer][channel], random.nextInt(MAX_WORDS));
                    if (isWritten(channels.get(channel), record)) {
                        counts[writer][channel]++;
                        bytes.add(record.length);
                    }
                }
                LockSupport.parkNanos(random.nextInt(maxPauseNs));
            }
        } catch (Throwable t) {
            failure.set(t);
        }
    }

    private boolean isWritten(AttachedChannel channel, byte[] record) {
        int result = channel.write(record);
        while (result < 0 && !ended.get()) {
            LockSupport.parkNanos(ROOM_PAUSE_NS);
            result = channel.write(record);
        }
        return result >= 0;
    }
}
