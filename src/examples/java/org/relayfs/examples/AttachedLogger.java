package org.relayfs.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import org.relayfs.AttachedChannel;

/// Logs into a channel of another process, for example of the daemon that `relayfs mount` starts: through shared
/// memory, without a system call a record.
///
/// ```
/// java -cp relayfs.jar AttachedLogger.java /mnt/relay/demo 50 100
/// ```
///
/// Prints `logged N lost M` at the end.
public final class AttachedLogger {
    private AttachedLogger() {}

    /// @param args the channel's directory on a mount, number of records, pause between two of them in milliseconds
    /// @throws IOException the channel cannot be attached to
    /// @throws InterruptedException the thread was interrupted
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]);
        int records = Integer.parseInt(args[1]);
        int pauseMs = Integer.parseInt(args[2]);
        long pid = ProcessHandle.current().pid();
        int lost = 0;
        try (AttachedChannel channel = AttachedChannel.attach(directory)) {
            for (int record = 1; record <= records; record++) {
                String line = "record " + record + ", logged by JVM " + pid + " at "
                        + LocalTime.now(ZoneId.systemDefault()) + "\n";
                // A negative result says why the record was not taken: a full buffer refuses and counts it.
                if (channel.write(line.getBytes(StandardCharsets.US_ASCII)) < 0) {
                    lost++;
                }
                TimeUnit.MILLISECONDS.sleep(pauseMs);
            }
        }
        System.out.println("logged " + (records - lost) + " lost " + lost);
    }
}
