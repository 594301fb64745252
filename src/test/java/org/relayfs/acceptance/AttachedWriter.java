package org.relayfs.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.relayfs.AttachedChannel;

/// A program that writes into the channel of another process: each line of its standard input becomes a record.
/// Prints for each what came of it, and the time before, in microseconds.
final class AttachedWriter {
    private AttachedWriter() {}

    /// @param args the channel's folder
    public static void main(String[] args) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]))) {
            System.out.println("attached");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] record = (line + "\n").getBytes(StandardCharsets.US_ASCII);
                long time = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
                System.out.println(channel.write(record) + " " + time);
            }
        }
    }
}
