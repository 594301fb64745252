package org.relayfs.trigger;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.relayfs.reader.ChannelSnapshot;

/// The folder of the snapshots of a channel. For one thread at a time.
final class SnapshotFolder {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String PART = ".part";

    private final Path channel;
    private final Path folder;
    private int number;

    SnapshotFolder(Path channel, Path folder) {
        this.channel = channel;
        this.folder = folder;
    }

    /// Writes one. It gets its name once it is whole.
    SnapshotTriggers.Taken write(String cause) throws IOException {
        number++;
        String name = TIME.format(Instant.now()) + "-" + number + "-" + cause;
        Path part = folder.resolve(name + PART);
        boolean complete = false;
        try {
            List<ChannelSnapshot.Copied> copied = ChannelSnapshot.write(channel, part);
            Path whole = Files.move(part, folder.resolve(name));
            complete = true;
            return new SnapshotTriggers.Taken(whole, cause, copied);
        } finally {
            if (!complete) {
                delete(part);
            }
        }
    }

    /// Writes one and removes it, so that everything is loaded and was seen to work.
    void rehearse() throws IOException {
        delete(write("rehearsal").folder());
        number = 0;
    }

    private static void delete(Path snapshot) throws IOException {
        if (Files.isDirectory(snapshot)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(snapshot)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(snapshot);
        }
    }
}
