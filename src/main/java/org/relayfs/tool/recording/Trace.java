package org.relayfs.tool.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.MetadataFile;
import org.relayfs.tool.client.ChannelFolder;

/// What a recording of events has that one of records has not: its metadata, and what each buffer has lost.
final class Trace implements Closeable {
    private final ChannelFolder channel;
    private final RecordedFiles files;
    private final MetadataFile metadata;
    private final BufferLosses losses;
    private int described;

    private Trace(ChannelFolder channel, RecordedFiles files) {
        this.channel = channel;
        this.files = files;
        this.metadata = new MetadataFile(files.folder());
        this.losses = new BufferLosses(channel);
    }

    /// Begins one.
    static Trace begin(ChannelFolder channel, RecordedFiles files) throws IOException {
        Trace trace = new Trace(channel, files);
        trace.describe();
        return trace;
    }

    /// Writes what the channel says of its events by now. It may be gone: then what was written stays.
    private synchronized int describe() throws IOException {
        try {
            CtfMetadata said = CtfMetadata.parse(Files.readString(channel.path().resolve(MetadataFile.NAME)));
            described = said.firstFree();
            metadata.write(said.inPackets());
        } catch (NoSuchFileException e) {
            if (described == 0) {
                throw e;
            }
        }
        return described;
    }

    // Without the description that it wants, an event would be asked about each time.
    private int describe(int id) throws IOException {
        return Math.max(describe(), id + 1);
    }

    /// Begins the file of one buffer.
    RecordedFile open(String name, Path relayFile) throws IOException {
        int number = ChannelFolder.cpu(relayFile);
        int cpu = number == Integer.MAX_VALUE ? 0 : number;
        return files.openTrace(name, RotatingTrace.mostOfPacket(channel.row()), cpu, this::describe, losses);
    }

    /// Looks for what has changed; now and then.
    void look() {
        losses.look();
        try {
            describe();
        } catch (IOException e) {
            // Whoever needs a type to be described says so.
        }
    }

    @Override
    public void close() {
        // Names of threads that came last.
        look();
        losses.close();
    }
}
