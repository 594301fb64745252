package org.relayfs.tool.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfForm;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.MetadataFile;
import org.relayfs.event.ctf.PacketFile;
import org.relayfs.event.ctf.PacketStream;
import org.relayfs.event.ctf.ThisMachine;
import org.relayfs.ring.LeftTypes;
import org.relayfs.tool.recovery.RecoveredChannel.Part;

/// The CTF trace that the recovered bytes of a channel of events become.
final class RecoveredTrace {
    private static final int CHUNK = 1 << 20;

    private final RecoveredChannel channel;
    private final Path folder;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private CtfClock clock;

    private RecoveredTrace(RecoveredChannel channel) {
        this.channel = channel;
        this.folder = channel.output();
    }

    /// Makes packets of what is in the channel's files, and writes its metadata.
    static void make(RecoveredChannel channel) throws IOException {
        RecoveredTrace trace = new RecoveredTrace(channel);
        for (String name : channel.parts().stream().map(Part::file).distinct().toList()) {
            trace.convert(name);
        }
        trace.describe();
    }

    private void convert(String name) throws IOException {
        Path raw = folder.resolve(name);
        // Readers of traces pass over names with a dot.
        Path next = folder.resolve("." + name);
        try (FileChannel source = FileChannel.open(raw, StandardOpenOption.READ);
                PacketFile file = new PacketFile(
                        FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            Part last = channel.parts().stream()
                    .filter(part -> part.file().equals(name))
                    .reduce((one, other) -> other)
                    .orElseThrow();
            PacketStream stream =
                    new PacketStream(() -> file, id -> id + 1, last.buffer().slot());
            while (source.read(chunk.clear()) > 0) {
                stream.write(chunk.flip());
            }
            stream.endWith(last.buffer().lost());
            if (clock == null && stream.realtime() != 0) {
                clock = ThisMachine.clock(stream.monotonic(), stream.realtime());
            }
        }
        Files.move(next, raw, StandardCopyOption.ATOMIC_MOVE);
    }

    private void describe() throws IOException {
        CtfClock known = clock == null ? ThisMachine.clock() : clock;
        String name = channel.folder().getFileName().toString();
        LeftTypes left = LeftTypes.read(channel.folder());
        new MetadataFile(folder)
                .write(new CtfMetadata(
                        CtfForm.PACKETS,
                        ThisMachine.environment(name).withThreads(left.threads()),
                        known,
                        left.types()));
    }
}
