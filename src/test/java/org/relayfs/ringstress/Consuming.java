package org.relayfs.ringstress;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.relayfs.reader.ChannelConsumer;
import org.relayfs.reader.ConsumedBuffer;
import org.relayfs.reader.ReaderState;

/// A consumer in a process of its own, which checks each record where it lies: whole, and the next one of its writer in
/// that buffer, or a later one, if the writer has changed the buffer.
final class Consuming {
    private static final RecordLedger LEDGER = new RecordLedger();
    private static long records;
    private static long bytes;

    private Consuming() {}

    /// Consumes until the channel is closed, or its owner has died.
    ///
    /// @param args the channel's directory on a mount; how many sub-buffers to take at most; a file for its
    ///     [RecordLedger], if anybody wants it
    public static void main(String[] args) throws IOException {
        long most = Long.parseLong(args[1]);
        try (ChannelConsumer consumer = ChannelConsumer.open(Path.of(args[0]))) {
            System.out.println("ready");
            long taken = 0;
            while (taken < most && consumer.state() == ReaderState.OPEN) {
                consumer.await(1, TimeUnit.SECONDS);
                for (ConsumedBuffer buffer : consumer.buffers()) {
                    taken += taken < most
                                    && buffer.take((pieces, count, total) -> check(buffer.cpu(), pieces, count)) > 0
                            ? 1
                            : 0;
                }
            }
            if (args.length > 2) {
                LEDGER.save(Path.of(args[2]));
            }
            System.out.println("taken " + taken + " " + consumer.state() + " records " + records + " bytes " + bytes);
            while (taken == most && System.in.read() >= 0) {
                // It keeps its place until it is killed.
            }
        } catch (IllegalStateException e) {
            System.out.println("refused " + e.getMessage());
        }
    }

    private static boolean check(int cpu, MemorySegment[] pieces, int count) {
        for (int i = 0; i < count; i++) {
            long used = StressRecord.parse(
                    pieces[i], pieces[i].byteSize(), (writer, number, size) -> record(cpu, writer, number));
            if (used != pieces[i].byteSize()) {
                throw new AssertionError("torn: at the end of a piece");
            }
            bytes += used;
        }
        return true;
    }

    private static void record(int cpu, int writer, long number) {
        LEDGER.record(cpu, writer, number);
        records++;
    }
}
