package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// What is read of the relay files of a channel on a mount, owner after owner. An owner that is killed may have
/// answered a read without having marked it as consumed: then the next one answers it again.
final class MountedStreams {
    private static final int READ_SIZE = 3000;
    private static final byte[] NOTHING = {};

    private final Path folder;
    private final RecordLedger ledger = new RecordLedger();
    private final Map<Integer, Stream> streams = new TreeMap<>();

    /// The records of a CPU.
    private static final class Stream {
        private FileChannel file;
        private byte[] rest = NOTHING;
        private byte[] lastAnswer = NOTHING;
        /// Of the owner before.
        private byte[] perhapsAgain = NOTHING;
        private final ByteArrayOutputStream fresh = new ByteArrayOutputStream();
    }

    /// @param folder of the channel, on the mount
    MountedStreams(Path folder) {
        this.folder = folder;
    }

    RecordLedger ledger() {
        return ledger;
    }

    /// Opens the files of a new owner.
    void open() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "cpu*[0-9]")) {
            for (Path file : files) {
                int cpu = Integer.parseInt(file.getFileName().toString().substring("cpu".length()));
                Stream stream = streams.computeIfAbsent(cpu, ignored -> new Stream());
                stream.file = FileChannel.open(file);
                stream.perhapsAgain = stream.lastAnswer;
            }
        }
    }

    /// Reads each file once.
    ///
    /// @return how many bytes there were; -1 when the owner is gone
    long read() throws IOException {
        long total = 0;
        for (Stream stream : streams.values()) {
            ByteBuffer answer = ByteBuffer.allocate(READ_SIZE);
            try {
                total += Math.max(0, stream.file.read(answer));
            } catch (IOException e) {
                return -1;
            }
            if (answer.position() > 0) {
                stream.lastAnswer = Arrays.copyOf(answer.array(), answer.position());
                stream.fresh.write(stream.lastAnswer);
            }
        }
        return total;
    }

    /// Takes the records apart that were read since the files were opened.
    void close() throws IOException {
        for (Map.Entry<Integer, Stream> entry : streams.entrySet()) {
            Stream stream = entry.getValue();
            stream.file.close();
            takeApart(entry.getKey(), stream);
        }
    }

    /// Takes the records apart that were read so far.
    void takeApart() {
        streams.forEach(this::takeApart);
    }

    private void takeApart(int cpu, Stream stream) {
        byte[] fresh = stream.fresh.toByteArray();
        int again = stream.perhapsAgain.length;
        if (fresh.length < again) {
            return; // it is not known yet
        }
        stream.fresh.reset();
        again = Arrays.equals(fresh, 0, again, stream.perhapsAgain, 0, again) ? again : 0;
        stream.perhapsAgain = NOTHING;
        byte[] all = Arrays.copyOf(stream.rest, stream.rest.length + fresh.length - again);
        System.arraycopy(fresh, again, all, stream.rest.length, fresh.length - again);
        int used = (int) StressRecord.parse(
                MemorySegment.ofArray(all), all.length, (writer, number, length) -> ledger.record(cpu, writer, number));
        stream.rest = Arrays.copyOfRange(all, used, all.length);
        assertThat(stream.rest.length).as("rest of CPU " + cpu).isLessThan(READ_SIZE);
    }
}
