package org.relayfs.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.relayfs.memory.SharedFolder;

/// What a relay would leave if its process were killed now: a copy of its shared memory, which nobody holds a
/// lock of, in the folder of this user.
///
/// @param folder of the owner
public record DeadOwner(Path folder) implements AutoCloseable {
    /// No process has this pid.
    private static final String PID = "999999999";

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /// Leaves it.
    ///
    /// @param living folder of a relay
    /// @return its copy
    /// @throws IOException it cannot be copied
    public static DeadOwner copyOf(Path living) throws IOException {
        String name = PID + "-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();
        Path copy = SharedFolder.ofUser(SharedFolder.userId()).resolve(name);
        copy(living, copy);
        return new DeadOwner(copy);
    }

    private static void copy(Path from, Path to) throws IOException {
        SharedFolder.createInside(to);
        try (Stream<Path> children = Files.list(from)) {
            for (Path child : children.toList()) {
                Path target = to.resolve(child.getFileName());
                if (Files.isDirectory(child)) {
                    copy(child, target);
                } else {
                    Files.copy(child, target);
                }
            }
        }
    }

    /// {@return the folder of a channel}
    ///
    /// @param name of the channel, without slashes
    /// @throws IOException it cannot be looked for
    public Path channel(String name) throws IOException {
        try (Stream<Path> channels = Files.list(folder)) {
            return channels.filter(path -> path.getFileName().toString().startsWith(name + "."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// Changes a word.
    ///
    /// @param file   of shared memory
    /// @param offset of the word
    /// @param value  to be there
    /// @throws IOException it cannot be written
    public static void put(Path file, long offset, long value) throws IOException {
        ByteBuffer word =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, value);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(word, offset);
        }
    }

    @Override
    public void close() throws IOException {
        SharedFolder.remove(folder);
        SharedFolder.removeHomeIfEmpty(folder);
    }
}
