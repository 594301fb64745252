package org.relayfs.ringstress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.ringstress.Progress.Count;

/// A process that owns a channel, writes to it from several threads and reads some of it, until it is killed.
final class DyingOwner {
    private static final int READ_SIZE = 3000;

    private DyingOwner() {}

    /// Owns.
    ///
    /// @param args journal of the writers, folder for what is read, threads, mode, global, padding header,
    ///     whether it reads, and gives reservations back
    public static void main(String[] args) throws IOException, InterruptedException {
        Progress progress = Progress.open(Path.of(args[0]));
        Path read = Path.of(args[1]);
        ChannelConfig config = ChannelConfig.of(4096, 8)
                .withMode(ChannelMode.valueOf(args[3]))
                .withGlobal(Boolean.parseBoolean(args[4]))
                .withPaddingHeader(Boolean.parseBoolean(args[5]) ? Long.BYTES : 0);
        Relay relay = Relay.create();
        RelayChannel channel = relay.open("app", config);
        System.out.println("folder " + channel.folder());
        System.in.read();
        boolean reads = Boolean.parseBoolean(args[6]);
        for (int writer = 0; writer < Integer.parseInt(args[2]); writer++) {
            Thread.ofPlatform()
                    .start(new StressWriter(
                            StressWriter.targetOf(channel), writer, progress, reads, 900, 5000, () -> true));
        }
        if (reads) {
            read(channel.buffers(), Progress.open(read.resolve("journal")), read);
        }
        Thread.currentThread().join();
    }

    /// Each piece is in the file before it is consumed, and in the journal after it.
    private static void read(List<ChannelBuffer> buffers, Progress journal, Path folder) throws IOException {
        List<FileChannel> files =
                buffers.stream().map(buffer -> fileOf(buffer, folder)).toList();
        while (true) {
            for (int i = 0; i < buffers.size(); i++) {
                FileChannel file = files.get(i);
                long taken = buffers.get(i).read(READ_SIZE, (pieces, count, total) -> {
                    for (int piece = 0; piece < count; piece++) {
                        file.write(pieces[piece].asByteBuffer());
                    }
                    return true;
                });
                journal.add(buffers.get(i).cpu(), Count.ACCEPTED_BYTES, taken);
            }
            LockSupport.parkNanos(20_000);
        }
    }

    private static FileChannel fileOf(ChannelBuffer buffer, Path folder) {
        try {
            return FileChannel.open(
                    folder.resolve("cpu" + buffer.cpu()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
