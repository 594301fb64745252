package org.relayfs.reader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfForm;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.MetadataFile;
import org.relayfs.event.ctf.PacketFile;
import org.relayfs.event.ctf.PacketStream;
import org.relayfs.event.ctf.ThisMachine;
import org.relayfs.memory.MemoryPath;
import org.relayfs.ring.LeftTypes;

/// A copy of what a channel holds at this moment, from the oldest sub-buffer that is not overwritten on, whether it was
/// read or not. It takes nothing out, and no writer waits for it or notices it: what is overwritten before it is copied
/// is missing.
///
/// A channel of events becomes a CTF trace, any other one a file for each buffer, with the bytes that reads return.
/// Each call is on its own; any thread.
public final class ChannelSnapshot {
    private final Path folder;
    private final ChannelObserver observer;
    private final MemorySegment bytes;
    private CtfClock clock;

    /// What was copied of one buffer.
    ///
    /// @param cpu              its CPU; 0 for a global channel
    /// @param bytes            that were copied
    /// @param missedSubBuffers that were overwritten before they could be copied
    /// @param oldest           time of the first event; only of a channel of events
    /// @param newest           time of the last event; only of a channel of events
    public record Copied(
            int cpu, long bytes, long missedSubBuffers, Optional<Instant> oldest, Optional<Instant> newest) {}

    private ChannelSnapshot(Path folder, ChannelObserver observer) {
        this.folder = folder;
        this.observer = observer;
        this.bytes = Arena.ofAuto().allocate(observer.subBufferSize());
    }

    /// Writes one: a file `cpuN` for each buffer, and `metadata` beside them for events.
    ///
    /// @param channel its directory on a mount, or its folder of shared memory, as `RelayChannel.folder()` names it
    /// @param folder  for the files; created if it does not exist
    /// @return what was copied of each buffer
    /// @throws FileAlreadyExistsException one of the files is there already; files before it have been written
    /// @throws DamagedBufferException the shared memory is damaged
    /// @throws IOException there is no such channel, its memory may not be opened, or a file cannot be written
    public static List<Copied> write(Path channel, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (ChannelObserver observer = ChannelObserver.open(channel, ChannelObserver.Start.OLDEST)) {
            ChannelSnapshot snapshot = new ChannelSnapshot(folder, observer);
            List<Copied> copied = new ArrayList<>();
            for (ObservedBuffer buffer : observer.buffers()) {
                copied.add(observer.hasEvents() ? snapshot.copyEvents(buffer) : snapshot.copyRecords(buffer));
            }
            if (observer.hasEvents()) {
                snapshot.describe(channel);
            }
            return copied;
        }
    }

    private FileChannel create(ObservedBuffer buffer) throws IOException {
        return FileChannel.open(
                folder.resolve("cpu" + buffer.cpu()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /// What takes the bytes of a buffer.
    private interface Target {
        void write(ByteBuffer bytes) throws IOException;
    }

    /// Not for ever, however much comes meanwhile.
    private long copy(ObservedBuffer buffer, Target target) throws IOException {
        long total = 0;
        int count = 1;
        while (count > 0 && total < observer.bufferSize()) {
            count = buffer.read(bytes, 0, (int) bytes.byteSize());
            target.write(bytes.asSlice(0, count).asByteBuffer());
            total += count;
        }
        return total;
    }

    private Copied copyRecords(ObservedBuffer buffer) throws IOException {
        try (FileChannel file = create(buffer)) {
            long total = copy(buffer, piece -> {
                while (piece.hasRemaining()) {
                    file.write(piece);
                }
            });
            return new Copied(buffer.cpu(), total, buffer.missedSubBuffers(), Optional.empty(), Optional.empty());
        }
    }

    private Copied copyEvents(ObservedBuffer buffer) throws IOException {
        try (PacketFile file = new PacketFile(create(buffer))) {
            PacketStream stream = new PacketStream(() -> file, id -> id + 1, buffer.cpu());
            long total = copy(buffer, stream::write);
            stream.endWith(buffer.lostRecords());
            if (clock == null && stream.realtime() != 0) {
                clock = ThisMachine.clock(stream.monotonic(), stream.realtime());
            }
            boolean any = clock != null && total > 0;
            Optional<Instant> oldest = any ? Optional.of(time(stream.firstTime())) : Optional.empty();
            Optional<Instant> newest = any ? Optional.of(time(stream.lastTime())) : Optional.empty();
            return new Copied(buffer.cpu(), total, buffer.missedSubBuffers(), oldest, newest);
        }
    }

    private Instant time(long timestamp) {
        long nanoseconds = clock.realtime(timestamp);
        return Instant.ofEpochSecond(
                Math.floorDiv(nanoseconds, CtfClock.NANOSECONDS), Math.floorMod(nanoseconds, CtfClock.NANOSECONDS));
    }

    /// Last, so that it has the types of all events that were copied.
    private void describe(Path channel) throws IOException {
        LeftTypes known = LeftTypes.read(MemoryPath.of(channel));
        String name = channel.toAbsolutePath().getFileName().toString();
        new MetadataFile(folder)
                .write(new CtfMetadata(
                        CtfForm.PACKETS,
                        ThisMachine.environment(name).withThreads(known.threads()),
                        clock == null ? ThisMachine.clock() : clock,
                        known.types()));
    }
}
