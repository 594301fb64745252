package org.relayfs.tool.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.relayfs.reader.ChannelObserver;
import org.relayfs.reader.ObservedBuffer;
import org.relayfs.reader.ReaderState;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.RecordOutput;
import org.relayfs.tool.client.WaitSet;

/// A channel whose shared memory is looked at: nothing is taken.
final class ObservedChannel implements ChannelSource {
    private final ChannelFolder channel;
    private final ChannelObserver observer;
    private final WaitSet output;
    private final IdentityHashMap<ObservedBuffer, LiveBytes> known = new IdentityHashMap<>();

    /// @param output to wait with
    ObservedChannel(ChannelFolder channel, WaitSet output) throws IOException {
        this.channel = channel;
        this.observer = ChannelObserver.open(channel.path(), ChannelObserver.Start.OLDEST);
        this.output = output;
    }

    @Override
    public List<Buffer> newBuffers() {
        List<Buffer> found = new ArrayList<>();
        for (ObservedBuffer buffer : observer.buffers()) {
            if (!known.containsKey(buffer)) {
                LiveBytes bytes = new LiveBytes(target -> buffer.read(target, 0, (int) target.byteSize()));
                known.put(buffer, bytes);
                found.add(new Buffer(bytes, buffer.cpu()));
            }
        }
        return found;
    }

    /// The observer waits for all buffers: with something left in one that is not idle it would not wait at all.
    @Override
    public void await(List<LiveBytes> idle, long timeoutMs) throws IOException {
        output.await(idle.size() == known.size() ? 0 : (int) Math.min(timeoutMs, 10));
        if (output.isOutputGone()) {
            throw new RecordOutput.GoneException();
        }
        observer.await(idle.size() == known.size() ? timeoutMs : 0, TimeUnit.MILLISECONDS);
        if (observer.state() != ReaderState.OPEN) {
            known.values().forEach(LiveBytes::end);
        }
    }

    @Override
    public void wake() {
        // The observer cannot be woken: it looks often enough.
        output.wake();
    }

    @Override
    public boolean hasEnded() {
        return observer.state() != ReaderState.OPEN;
    }

    @Override
    public String remark() throws ToolException {
        if (observer.state() == ReaderState.OWNER_GONE) {
            throw new ToolException(
                    ExitCode.SYSTEM, "channel " + channel.name() + ": the process that served it has died");
        }
        return observer.missedBytes() == 0
                ? ""
                : "relayfs: channel %s: %d bytes were overwritten before they were read, in %d sub-buffers%n"
                        .formatted(channel.name(), observer.missedBytes(), observer.missedSubBuffers());
    }

    @Override
    public void close() {
        observer.close();
    }
}
