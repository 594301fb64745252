package org.relayfs.reader;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.LayoutException;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.MemoryPath;
import org.relayfs.ring.Beginning;
import org.relayfs.ring.Observation;
import org.relayfs.ring.ObservedMemory;
import org.relayfs.ring.RingBuffer;

/// Takes the records of a channel in mode no-overwrite out, sub-buffer by sub-buffer, straight from its shared memory.
/// One consumer at a time: a second one is refused. Its place is free again when it is closed, or its process has
/// ended, however it has; the next one begins with the first sub-buffer that was not given back.
///
/// ```java
/// try (ChannelConsumer consumer = ChannelConsumer.open(Path.of(args[0]))) {
///     while (consumer.state() == ReaderState.OPEN) {
///         consumer.await(1, TimeUnit.SECONDS);
///         for (ConsumedBuffer buffer : consumer.buffers()) {
///             buffer.take((pieces, count, total) -> {
///                 for (int i = 0; i < count; i++) {
///                     System.out.write(pieces[i].toArray(ValueLayout.JAVA_BYTE));
///                 }
///                 return true;
///             });
///         }
///     }
///     System.out.flush();
/// }
/// ```
///
/// The owner gives sub-buffers back to the writers when it is told what was consumed: through the mount, or in the same
/// process directly. It keeps nobody from reading the files of the mount at the same time. Such a read takes records
/// away, as relay's readers do from each other; when it ends within a sub-buffer, a consumer of another process may
/// miss or repeat a part of it. For one thread at a time.
public final class ChannelConsumer implements AutoCloseable {
    // Each costs the owner a resize.
    private static final int MAX_ATTEMPTS = 100;

    // Null for one of this process's own.
    private final Path directory;
    private ObservedMemory memory;
    private MappedBuffers<ConsumedBuffer> buffers;
    private LivenessLocks place;
    private Closeable files;

    private ChannelConsumer(
            Path directory, ObservedMemory memory, LivenessLocks place, Closeable files, Acknowledgements owner) {
        this.directory = directory;
        this.memory = memory;
        this.place = place;
        this.files = files;
        this.buffers = new MappedBuffers<>(memory, (cpu, observation) -> {
            ConsumedBuffer.Acknowledgement told = owner.of(cpu, observation);
            return told == null ? null : new ConsumedBuffer(cpu, memory.subBufferSize(), observation, told);
        });
    }

    /// Finds the way to tell the owner, for each buffer.
    private interface Acknowledgements {
        /// @return null when the owner may have another buffer in its place now
        ConsumedBuffer.Acknowledgement of(int cpu, Observation observation) throws IOException;
    }

    /// Begins to consume a channel of another process.
    ///
    /// @param directory the channel's directory on a mount; its files `memory` and `cpuN.consumed` are used
    /// @return the consumer
    /// @throws LayoutException the channel's layout is not known here
    /// @throws IllegalStateException another one consumes it, or it is in mode overwrite
    /// @throws IOException there is no such channel, it is damaged, a file or its memory may not be opened, or the
    ///     first sub-buffer was read in part through the mount
    public static ChannelConsumer open(Path directory) throws IOException {
        return persist(directory, () -> {
            Path folder = MemoryPath.of(directory);
            return tryOpen(directory, folder, ObservedMemory.open(folder));
        });
    }

    /// Opens one generation of a channel.
    private interface Attempt {
        /// @return null when the channel was resized meanwhile
        ChannelConsumer open() throws IOException;
    }

    private static ChannelConsumer persist(Path channel, Attempt attempt) throws IOException {
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            ChannelConsumer consumer = attempt.open();
            if (consumer != null) {
                return consumer;
            }
        }
        throw new IOException(channel + ": resized again and again: attempts=" + MAX_ATTEMPTS + "; open it later");
    }

    private static ChannelConsumer tryOpen(Path directory, Path folder, ObservedMemory memory) throws IOException {
        ConsumedFiles files = new ConsumedFiles(directory, folder);
        return tryOpen(directory, memory, files, (cpu, observation) -> {
            if (observation.offset() != 0) {
                throw new IOException(directory + ": CPU " + cpu + ": a sub-buffer was read in part: offset="
                        + observation.offset() + ", limit=0; flush the channel, and read its files to their end");
            }
            return files.of(cpu, observation::isFinalized);
        });
    }

    /// Begins to consume a channel of this process.
    ///
    /// @param folder  `RelayChannel.folder()`
    /// @param buffers `RelayChannel.buffers()`, asked again when there are more
    /// @return the consumer
    /// @throws IllegalStateException another one consumes it, or it is in mode overwrite
    /// @throws IOException it is closed
    public static ChannelConsumer of(Path folder, Supplier<List<ChannelBuffer>> buffers) throws IOException {
        Acknowledgements owner = (cpu, observation) -> {
            RingBuffer ring = RingBuffer.of(buffers.get()).stream()
                    .filter(buffer -> buffer.cpu() == cpu)
                    .findFirst()
                    .orElseThrow(() -> new IOException(folder + ": CPU " + cpu + " has no buffer here"));
            // A buffer is closed before another one takes its place: so this is that of the observation, or null.
            return observation.isFinalized() ? null : (position, count) -> ring.consumeTo(position);
        };
        return persist(folder, () -> tryOpen(null, ObservedMemory.open(folder), () -> {}, owner));
    }

    // Null when a buffer that was mapped need not be that which the owner is told of: the channel was resized.
    private static ChannelConsumer tryOpen(
            Path directory, ObservedMemory memory, Closeable files, Acknowledgements owner) throws IOException {
        ChannelConsumer consumer = null;
        try {
            if (memory.isOverwrite()) {
                throw new IllegalStateException(
                        memory.folder() + ": a channel that overwrites cannot be consumed in place: its"
                                + " writers do not wait; read its files, or observe it");
            }
            LivenessLocks place = memory.tryConsume()
                    .orElseThrow(() -> new IllegalStateException(memory.folder()
                            + ": another consumer has it: limit=1 at a time; close that one, or observe"));
            consumer = new ChannelConsumer(directory, memory, place, files, owner);
            if (consumer.buffers.find(Beginning.UNREAD)) {
                return consumer;
            }
            consumer.close();
            return null;
        } catch (IOException | RuntimeException e) {
            memory.close();
            if (consumer != null) {
                consumer.close();
            }
            throw e;
        }
    }

    /// {@return the shared memory that is consumed: another one after [#reopen()]}
    public Path folder() {
        return memory.folder();
    }

    /// {@return the buffers, in the order in which they were found; those of CPUs that have come since then appear
    /// with [#await]}
    public List<ConsumedBuffer> buffers() {
        return buffers.all();
    }

    /// Waits until a sub-buffer can be taken, or the channel is closed.
    ///
    /// @param timeout at most so long; 0: only looks
    /// @param unit    of that time
    /// @return false when there is nothing: the time is over, or [#state()] is not `OPEN`
    /// @throws IllegalArgumentException the time is negative
    /// @throws IllegalStateException the consumer is closed
    /// @throws DamagedBufferException the shared memory is damaged
    /// @throws IOException a new buffer cannot be mapped, or has no file
    public boolean await(long timeout, TimeUnit unit) throws IOException {
        return buffers.await(timeout, unit, Beginning.UNREAD);
    }

    /// {@return whether more can come; a system call, if there is nothing to take}
    ///
    /// @throws DamagedBufferException the shared memory is damaged
    public ReaderState state() {
        return buffers.state();
    }

    /// Goes on with the channel that was created anew in the directory, or resized, once [#state()] is not
    /// `OPEN`. What was not taken of the one before is left to others.
    ///
    /// @return false when there is no channel now, still the same one, it was just resized again, or it is of this
    ///     process: nothing has changed
    /// @throws LayoutException the channel's layout is not known here
    /// @throws IllegalStateException another one consumes it, or it is in mode overwrite; nothing has changed
    /// @throws IOException as for [#open]; nothing has changed
    public boolean reopen() throws IOException {
        Optional<ObservedMemory> successor = directory == null ? Optional.empty() : memory.successor(directory);
        if (successor.isEmpty()) {
            return false;
        }
        ChannelConsumer next = tryOpen(directory, MemoryPath.of(directory), successor.get());
        if (next == null) {
            return false;
        }
        close();
        memory = next.memory;
        buffers = next.buffers;
        place = next.place;
        files = next.files;
        return true;
    }

    /// Leaves the place to another consumer. Idempotent.
    ///
    /// @throws IOException a file of the mount cannot be closed
    @Override
    public void close() throws IOException {
        buffers.close();
        place.close();
        files.close();
    }
}
