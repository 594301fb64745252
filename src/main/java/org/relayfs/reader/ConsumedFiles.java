package org.relayfs.reader;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.relayfs.memory.MemoryPath;

/// The files `cpuN.consumed` in a channel's directory on a mount: a number that is written there says how many
/// sub-buffers were consumed. They go on to answer when the channel is destroyed. When its owner has died, and
/// another one has taken over the same memory and shows it in the same directory, they are opened anew. For one
/// thread.
final class ConsumedFiles implements Closeable {
    private static final Pattern NAME = Pattern.compile(".*?(\\d{1,9})\\.consumed");

    private final Path directory;
    private final Path memory;
    private final Map<Integer, FileChannel> opened = new HashMap<>();
    private final ByteBuffer number = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());

    /// @param directory of the channel
    /// @param memory    its folder of shared memory
    ConsumedFiles(Path directory, Path memory) {
        this.directory = directory;
        this.memory = memory;
    }

    /// Opens the file of a buffer. A file goes with the buffer that has it when it is opened. So it is that of this
    /// buffer if the channel was neither resized nor made anew until after that.
    ///
    /// @param isOver true once the files are those of other buffers: the channel was resized
    /// @return null when the file may be that of another buffer
    /// @throws IOException there is none, or this user may not write to it
    ConsumedBuffer.Acknowledgement of(int cpu, BooleanSupplier isOver) throws IOException {
        open(cpu);
        if (isOfOthers(isOver)) {
            opened.remove(cpu).close();
            return null;
        }
        return (position, count) -> {
            try {
                write(opened.get(cpu), count);
            } catch (IOException e) {
                writeAnew(cpu, count, isOver, e);
            }
        };
    }

    private void open(int cpu) throws IOException {
        FileChannel file = FileChannel.open(find(cpu), StandardOpenOption.WRITE);
        FileChannel former = opened.put(cpu, file);
        if (former != null) {
            former.close();
        }
    }

    // A channel that was created anew under the same name has other memory.
    private boolean isOfOthers(BooleanSupplier isOver) throws IOException {
        return !MemoryPath.of(directory).equals(memory) || isOver.getAsBoolean();
    }

    private void writeAnew(int cpu, long count, BooleanSupplier isOver, IOException why) throws IOException {
        try {
            open(cpu);
            if (isOfOthers(isOver)) {
                throw why;
            }
            write(opened.get(cpu), count);
        } catch (IOException e) {
            if (e != why) {
                why.addSuppressed(e);
            }
            throw why;
        }
    }

    private Path find(int cpu) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> isOf(file, cpu))
                    .findFirst()
                    .orElseThrow(
                            () -> new IOException(directory + ": CPU " + cpu + " has no file to acknowledge with"));
        }
    }

    private static boolean isOf(Path file, int cpu) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() && Integer.parseInt(name.group(1)) == cpu;
    }

    private void write(FileChannel file, long count) throws IOException {
        number.clear();
        number.putLong(0, count);
        file.write(number, 0);
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : opened.values()) {
            file.close();
        }
    }
}
