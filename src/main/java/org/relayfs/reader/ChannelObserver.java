package org.relayfs.reader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.LayoutException;
import org.relayfs.memory.MemoryPath;
import org.relayfs.ring.Beginning;
import org.relayfs.ring.ObservedMemory;

/// Reads a channel of this or another process through its shared memory, and takes nothing out: other readers get all
/// there is, writers are not slowed, and there can be any number of observers, each with a place of its own. What is
/// overwritten before an observer has read it is counted by [ObservedBuffer#missedBytes()].
///
/// ```java
/// try (ChannelObserver observer = ChannelObserver.open(Path.of(args[0]), ChannelObserver.Start.OLDEST)) {
///     MemorySegment bytes = Arena.ofAuto().allocate(observer.subBufferSize());
///     while (observer.state() == ReaderState.OPEN) {
///         observer.await(1, TimeUnit.SECONDS);
///         for (ObservedBuffer buffer : observer.buffers()) {
///             int length = buffer.read(bytes, 0, (int) bytes.byteSize());
///             System.out.write(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
///         }
///     }
///     System.out.flush();
///     System.err.println(observer.missedBytes() + " bytes missed");
/// }
/// ```
///
/// It maps the memory for reading. To be woken by a delivery it also needs the right to write to the channel's file
/// `meta`; without it, it looks every two milliseconds. No class of the mount is loaded.
///
/// For one thread at a time, with all of its buffers. Threads that read different buffers open an observer each.
public final class ChannelObserver implements AutoCloseable {
    /// What an observer reads first.
    public enum Start {
        /// The oldest sub-buffer that is not overwritten, also when somebody has consumed it.
        OLDEST,
        /// The first record that could not be read before.
        NOW
    }

    private final Path path;
    private ObservedMemory memory;
    private MappedBuffers<ObservedBuffer> buffers;
    // Of the channels before this one.
    private long missedBytes;
    private long missedSubBuffers;

    private ChannelObserver(Path path, ObservedMemory memory) {
        this.path = path;
        this.memory = memory;
        this.buffers = new MappedBuffers<>(memory, ObservedBuffer::new);
    }

    /// Begins to observe a channel.
    ///
    /// @param channel its directory on a mount, or its folder of shared memory, as `RelayChannel.folder()` names it
    /// @param start   what to read first in the buffers that there are; those of CPUs that come later are read from
    ///                their start
    /// @return the observer
    /// @throws LayoutException the channel's layout is not known here
    /// @throws IOException there is no such channel, it is damaged, or its memory may not be opened
    public static ChannelObserver open(Path channel, Start start) throws IOException {
        ObservedMemory memory = ObservedMemory.open(MemoryPath.of(channel));
        ChannelObserver observer = new ChannelObserver(channel, memory);
        try {
            observer.buffers.find(start == Start.NOW ? Beginning.NOW : Beginning.OLDEST);
            return observer;
        } catch (IOException | RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /// {@return bytes of a sub-buffer: no read returns more}
    public long subBufferSize() {
        return memory.subBufferSize();
    }

    /// {@return bytes of a buffer}
    long bufferSize() {
        return memory.bufferSize();
    }

    /// {@return true when records are events}
    boolean hasEvents() {
        return memory.hasEvents();
    }

    /// {@return the buffers, in the order in which they were found; those of CPUs that have come since then appear
    /// with [#await]}
    public List<ObservedBuffer> buffers() {
        return buffers.all();
    }

    /// Waits until there is something to read in one of the [#buffers()]. A sub-buffer that is closed wakes at once;
    /// records in an open one are found within 100 ms.
    /// A read may still find nothing, while a writer just closes the sub-buffer.
    ///
    /// @param timeout at most so long; 0: only looks
    /// @param unit    of that time
    /// @return false when there is nothing: the time is over, or [#state()] is not `OPEN`
    /// @throws IllegalArgumentException the time is negative
    /// @throws IllegalStateException the observer is closed
    /// @throws DamagedBufferException the shared memory is damaged
    /// @throws IOException a new buffer cannot be mapped
    public boolean await(long timeout, TimeUnit unit) throws IOException {
        return buffers.await(timeout, unit, Beginning.OLDEST);
    }

    /// {@return whether more can come; a system call, if there is nothing to read}
    ///
    /// @throws DamagedBufferException the shared memory is damaged
    public ReaderState state() {
        return buffers.state();
    }

    /// {@return false when the process that owns the channel has died, or has closed its relay; a system call}
    public boolean isOwnerAlive() {
        return memory.isOwnerAlive();
    }

    /// Goes on with the channel that was created anew at the path, or resized, once [#state()] is not `OPEN`:
    /// with the oldest that is there. What this observer has not read of the one before is lost to it. A channel
    /// that was resized several times is observed from one geometry to the next; what was in one that is gone,
    /// because its reader has read all of it, counts as missed bytes, what a reset has thrown away included.
    ///
    /// @return false when there is no channel at the path now, or still the same one: nothing has changed
    /// @throws LayoutException the channel's layout is not known here
    /// @throws IOException it is damaged, or its memory may not be opened; nothing has changed
    public boolean reopen() throws IOException {
        Optional<ObservedMemory> successor = memory.next(path);
        while (successor.isPresent()) {
            if (goOn(successor.get())) {
                return true;
            }
            successor = successor.get().next(path);
        }
        successor = memory.successor(path);
        return successor.isPresent() && goOn(successor.get());
    }

    // False when some of it was gone already.
    private boolean goOn(ObservedMemory later) throws IOException {
        MappedBuffers<ObservedBuffer> next = new MappedBuffers<>(later, ObservedBuffer::new);
        boolean whole = false;
        try {
            next.find(Beginning.OLDEST);
            whole = later.isWhole();
        } finally {
            if (!whole) {
                next.close();
            }
        }
        if (whole) {
            missedBytes = missedBytes() + next.bytesSince(buffers);
            missedSubBuffers = missedSubBuffers();
            buffers.close();
            memory = later;
            buffers = next;
        }
        return whole;
    }

    /// {@return [ObservedBuffer#missedBytes()] of all buffers, those before each [#reopen()] included}
    public long missedBytes() {
        return missedBytes
                + buffers().stream().mapToLong(ObservedBuffer::missedBytes).sum();
    }

    /// {@return [ObservedBuffer#missedSubBuffers()] of all buffers, those before each [#reopen()] included}
    public long missedSubBuffers() {
        return missedSubBuffers
                + buffers().stream().mapToLong(ObservedBuffer::missedSubBuffers).sum();
    }

    /// Ends the observation. The memory stays mapped while one of the buffers is reachable.
    @Override
    public void close() {
        buffers.close();
    }
}
