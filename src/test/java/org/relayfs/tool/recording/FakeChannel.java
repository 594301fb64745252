package org.relayfs.tool.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.ChannelRow;

/// A folder that looks like a channel's: its relay files are pipes, which poll and read as relay files do, and end when
/// whoever writes to them closes them. So a test can have CPUs come.
final class FakeChannel {
    private static final String STATS =
            "cpu produced consumed full big straggler lost_bytes overwritten abandoned new\n";

    private final Path folder;

    FakeChannel(Path folder) throws Exception {
        this.folder = folder;
        setStats("");
        Files.writeString(folder.resolve("flush"), "");
        Files.writeString(folder.resolve("header"), "none\n");
    }

    /// @param lines without the line of names
    void setStats(String lines) throws Exception {
        Path next = Files.writeString(folder.resolve("next"), STATS + lines);
        Files.move(next, folder.resolve("stats"), StandardCopyOption.ATOMIC_MOVE);
    }

    /// What the two counters beside a relay file say from now on.
    void setPositions(int cpu, long produced, long consumed) throws Exception {
        write("cpu" + cpu + ".produced", produced);
        write("cpu" + cpu + ".consumed", consumed);
    }

    /// In place: they are open.
    private void write(String counter, long value) throws Exception {
        byte[] word = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(value)
                .array();
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve(counter).toFile(), "rw")) {
            file.write(word);
        }
    }

    ChannelFolder channel(String mode) {
        return new ChannelFolder(folder, new ChannelRow("app", "enabled", 4096, 4, mode, 1, 0, "none", "."));
    }

    /// @return what is written to it can be read from the buffer; open until the caller closes it
    OutputStream addBuffer(int cpu) throws Exception {
        Path file = folder.resolve("cpu" + cpu);
        byte[] zero =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).array();
        Files.write(folder.resolve("cpu" + cpu + ".produced"), zero);
        Process mkfifo = new ProcessBuilder("mkfifo", file.toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS) && mkfifo.exitValue() == 0)
                .isTrue();
        // Last, because the three files together are a buffer. Read and write: does not wait for a reader.
        Files.write(folder.resolve("cpu" + cpu + ".consumed"), zero);
        RandomAccessFile pipe = new RandomAccessFile(file.toFile(), "rw");
        return Channels.newOutputStream(pipe.getChannel());
    }
}
