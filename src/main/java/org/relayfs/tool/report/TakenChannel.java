package org.relayfs.tool.report;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.ClientFile;
import org.relayfs.tool.client.RecordOutput;
import org.relayfs.tool.client.WaitSet;

/// A channel whose relay files are read: what is read is taken.
final class TakenChannel implements ChannelSource {
    private static final Pattern NUMBERED = Pattern.compile(".*?(\\d{1,7})");

    private final ChannelFolder channel;
    private final WaitSet waits;
    private final List<OpenBuffer> open = new ArrayList<>();
    private boolean isDestroyed;

    private record OpenBuffer(ClientFile file, LiveBytes bytes) {}

    /// @param waits to wait with
    TakenChannel(ChannelFolder channel, WaitSet waits) {
        this.channel = channel;
        this.waits = waits;
    }

    @Override
    public List<Buffer> newBuffers() throws IOException {
        List<Buffer> found = new ArrayList<>();
        try {
            for (Path path : isDestroyed ? List.<Path>of() : channel.relayFiles()) {
                if (open.stream().noneMatch(buffer -> buffer.file.path().equals(path))) {
                    ClientFile file = ClientFile.open(path);
                    LiveBytes bytes = new LiveBytes(file::read);
                    open.add(new OpenBuffer(file, bytes));
                    found.add(new Buffer(bytes, cpu(path)));
                }
            }
        } catch (NoSuchFileException e) {
            isDestroyed = true;
        }
        return found;
    }

    private static int cpu(Path path) {
        Matcher number = NUMBERED.matcher(path.getFileName().toString());
        return number.matches() ? Integer.parseInt(number.group(1)) : 0;
    }

    @Override
    public void await(List<LiveBytes> idle, long timeoutMs) throws IOException {
        List<OpenBuffer> waited =
                open.stream().filter(buffer -> idle.contains(buffer.bytes)).toList();
        waits.setFiles(waited.stream().map(OpenBuffer::file).toList());
        waits.await((int) timeoutMs);
        if (waits.isOutputGone()) {
            throw new RecordOutput.GoneException();
        }
        for (int i = 0; i < waited.size(); i++) {
            if (waits.hasEnded(i)) {
                waited.get(i).bytes.end();
                // Another buffer may have its name by now: the channel was resized.
                isDestroyed |= !waits.isReplaced(i);
            }
        }
        open.removeIf(buffer -> buffer.bytes.isOver() && close(buffer));
    }

    private static boolean close(OpenBuffer buffer) {
        buffer.file.close();
        return true;
    }

    @Override
    public void wake() {
        waits.wake();
    }

    @Override
    public boolean hasEnded() {
        return isDestroyed;
    }

    @Override
    public String remark() {
        return "";
    }

    @Override
    public void close() {
        open.forEach(TakenChannel::close);
    }
}
