package org.relayfs.tool.client;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.StopSignal;

/// A copier of everything in a channel's buffers to one output.
final class ChannelReader implements Closeable {
    /// The most that FUSE transfers in one request.
    private static final int CHUNK_SIZE = 1 << 20;

    /// How often it looks without having been woken: for the sub-buffer being written, which poll does not report,
    /// and for buffers of CPUs that have come online.
    private static final int LOOK_MS = 200;

    private final ChannelFolder channel;
    private final RecordOutput output;
    private final MemorySegment chunk = Arena.ofAuto().allocate(CHUNK_SIZE);
    private final List<ClientFile> files = new ArrayList<>();
    private boolean ending;

    ChannelReader(ChannelFolder channel, RecordOutput output) throws IOException {
        this.channel = channel;
        this.output = output;
        openNew();
    }

    private void openNew() throws IOException {
        for (Path path : channel.relayFiles()) {
            if (files.stream().noneMatch(file -> file.path().equals(path))) {
                files.add(ClientFile.open(path));
            }
        }
    }

    /// Copies what is there now, buffer by buffer.
    void readAll() throws IOException {
        for (ClientFile file : files) {
            copy(file);
        }
    }

    /// Copies until every buffer has ended.
    int follow(StopSignal stop) throws IOException {
        try (WaitSet waits = new WaitSet(WaitSet.STANDARD_OUTPUT)) {
            stop.onRequest(waits::wake);
            readAll();
            while (!files.isEmpty() && !stop.isRequested()) {
                waits.setFiles(files);
                waits.await(LOOK_MS);
                if (waits.isOutputGone()) {
                    throw new RecordOutput.GoneException();
                }
                copyReady(waits);
            }
        }
        return ExitCode.OK;
    }

    private void copyReady(WaitSet waits) throws IOException {
        boolean woken = false;
        for (int i = 0; i < files.size(); i++) {
            woken |= waits.isReady(i);
        }
        List<ClientFile> ended = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            boolean mayHold = !woken || waits.isReady(i);
            if (mayHold && copy(files.get(i)) == 0 && waits.hasEnded(i)) {
                files.get(i).close();
                ended.add(files.get(i));
            }
        }
        ending |= !ended.isEmpty();
        files.removeAll(ended);
        if (!woken && !ending) {
            openLate();
        }
    }

    /// The channel may go at any moment; its end is told by poll.
    private void openLate() throws IOException {
        try {
            openNew();
        } catch (NoSuchFileException e) {
            ending = true;
        }
    }

    /// At most one buffer's worth: while writers are quicker, the other buffers have their turn.
    private long copy(ClientFile file) throws IOException {
        long limit = Math.max(CHUNK_SIZE, channel.row().bufferSize());
        long total = 0;
        int count;
        do {
            count = file.read(chunk);
            output.write(chunk.asSlice(0, count).asByteBuffer());
            total += count;
        } while (count > 0 && total < limit);
        return total;
    }

    @Override
    public void close() {
        files.forEach(ClientFile::close);
    }
}
