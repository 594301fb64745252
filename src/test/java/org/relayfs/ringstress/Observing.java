package org.relayfs.ringstress;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.reader.ChannelObserver;
import org.relayfs.reader.ObservedBuffer;
import org.relayfs.reader.ReaderState;

/// An observer that checks each record as it comes: whole, and after the last one of its writer in that buffer. Until
/// the
/// channel is closed or its owner has died.
final class Observing implements Runnable {
    private final ChannelObserver observer;
    private final boolean withoutCopy;
    private final long pauseNs;
    private final MemorySegment bytes;
    private final Map<Long, Long> last = new HashMap<>();
    private long records;
    private long read;
    private volatile String summary;

    /// @param withoutCopy true to look at the memory itself
    /// @param pauseNs     after each sub-buffer
    Observing(Path folder, boolean withoutCopy, long pauseNs) throws IOException {
        this.observer = ChannelObserver.open(folder, ChannelObserver.Start.OLDEST);
        this.withoutCopy = withoutCopy;
        this.pauseNs = pauseNs;
        this.bytes = Arena.ofAuto().allocate(observer.subBufferSize());
    }

    /// Observes from a process of its own.
    ///
    /// @param args the channel's folder, then for each observer `copy` or `look` and nanoseconds of pause
    public static void main(String[] args) throws IOException, InterruptedException {
        Observing[] all = new Observing[args.length / 2];
        Thread[] threads = new Thread[all.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = new Observing(Path.of(args[0]), args[2 * i + 1].equals("look"), Long.parseLong(args[2 * i + 2]));
            threads[i] = Thread.ofPlatform().start(all[i]);
        }
        System.out.println("ready");
        for (int i = 0; i < all.length; i++) {
            threads[i].join();
            System.out.println(all[i].summary);
        }
    }

    @Override
    public void run() {
        try (observer) {
            while (observer.state() == ReaderState.OPEN) {
                observer.await(1000, TimeUnit.MILLISECONDS);
                for (ObservedBuffer buffer : observer.buffers()) {
                    observe(buffer);
                }
            }
            summary = "%s records %d bytes %d missed %d sub-buffers %d"
                    .formatted(observer.state(), records, read, observer.missedBytes(), observer.missedSubBuffers());
        } catch (IOException | RuntimeException | Error e) {
            summary = e.toString();
        }
    }

    private void observe(ObservedBuffer buffer) throws IOException {
        long length = withoutCopy
                ? buffer.look(bytes.byteSize(), (pieces, count, total) -> {
                    // The check is the caller's, when it is known that nobody has written meanwhile.
                    bytes.copyFrom(pieces[0]);
                    return count == 1;
                })
                : buffer.read(bytes, 0, (int) bytes.byteSize());
        if (length <= 0) {
            return;
        }
        long used = StressRecord.parse(bytes, length, (writer, number, size) -> record(buffer.cpu(), writer, number));
        if (used != length) {
            throw new AssertionError("torn: " + (length - used) + " bytes at the end of a sub-buffer");
        }
        read += length;
        LockSupport.parkNanos(pauseNs);
    }

    private void record(int cpu, int writer, long number) {
        Long before = last.put((long) cpu << 32 | writer, number);
        if (before != null && before >= number) {
            throw new AssertionError("order: record " + number + " of writer " + writer + " after " + before);
        }
        records++;
    }

    /// {@return what it has seen, at its end}
    String summary() {
        return summary;
    }
}
