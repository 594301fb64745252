package org.relayfs.tool.client;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.relayfs.reader.ChannelObserver;
import org.relayfs.reader.ObservedBuffer;
import org.relayfs.reader.ReaderState;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.ToolException;

/// A copier of a channel's stream to one output that takes nothing out: it reads the channel's shared memory, which the
/// file `memory` in its directory names.
final class ChannelWatch implements Closeable {
    /// How long it waits before it looks whether it is to end, or somebody still reads the output.
    private static final int LOOK_MS = 200;

    private final ChannelFolder channel;
    private final RecordOutput output;
    private final ChannelObserver observer;
    private final MemorySegment bytes;

    ChannelWatch(ChannelFolder channel, RecordOutput output) throws IOException {
        this.channel = channel;
        this.output = output;
        this.observer = ChannelObserver.open(channel.path(), ChannelObserver.Start.OLDEST);
        this.bytes = Arena.ofAuto().allocate(observer.subBufferSize());
    }

    /// Copies what is there now, buffer by buffer.
    void readAll() throws IOException {
        for (ObservedBuffer buffer : observer.buffers()) {
            copy(buffer);
        }
    }

    /// Copies until the channel is destroyed.
    int follow(StopSignal stop) throws IOException, ToolException {
        try (WaitSet waits = new WaitSet(WaitSet.STANDARD_OUTPUT)) {
            while (observer.state() == ReaderState.OPEN && !stop.isRequested()) {
                observer.await(LOOK_MS, TimeUnit.MILLISECONDS);
                readAll();
                waits.await(0);
                if (waits.isOutputGone()) {
                    throw new RecordOutput.GoneException();
                }
            }
        }
        if (observer.state() == ReaderState.OWNER_GONE) {
            throw new ToolException(
                    ExitCode.SYSTEM, "channel " + channel.name() + ": the process that served it has died");
        }
        return ExitCode.OK;
    }

    /// At most one buffer's worth: while writers are quicker, the other buffers have their turn.
    private void copy(ObservedBuffer buffer) throws IOException {
        long left = Math.max(bytes.byteSize(), channel.row().bufferSize());
        int count = 1;
        while (count > 0 && left > 0) {
            count = buffer.read(bytes, 0, (int) bytes.byteSize());
            output.write(bytes.asSlice(0, count).asByteBuffer());
            left -= count;
        }
    }

    /// {@return a sentence on what was missed, or nothing}
    String missed() {
        long missed = observer.missedBytes();
        return missed == 0
                ? ""
                : "relayfs: channel %s: %d bytes were overwritten before they were read, in %d sub-buffers%n"
                        .formatted(channel.name(), missed, observer.missedSubBuffers());
    }

    @Override
    public void close() {
        observer.close();
    }
}
