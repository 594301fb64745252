package org.relayfs.tool.recording;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.relayfs.tool.client.ClientFile;

/// A drain that reads.
final class ReadingDrain implements BufferDrain {
    private final ClientFile file;
    private final RecordedFile output;
    private final long limit;
    private final MemorySegment chunk;

    /// @param limit     bytes to move at most in one go, or a little more
    /// @param chunkSize bytes to read at once
    ReadingDrain(ClientFile file, RecordedFile output, long limit, int chunkSize) {
        this.file = file;
        this.output = output;
        this.limit = limit;
        this.chunk = Arena.ofAuto().allocate(chunkSize);
    }

    @Override
    public long drain() throws IOException {
        long total = 0;
        int count;
        do {
            count = file.read(chunk.asSlice(0, output.room(chunk.byteSize())));
            if (count > 0) {
                output.write(chunk.asSlice(0, count).asByteBuffer());
            }
            total += count;
        } while (count > 0 && total < limit);
        return total;
    }

    @Override
    public long drainRest() throws IOException {
        return drain();
    }

    @Override
    public void close() {
        // It holds nothing of its own.
    }
}
