package org.relayfs;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.linux.Cpus;
import org.relayfs.ring.ChannelMemory;
import org.relayfs.ring.ChannelPlace;
import org.relayfs.ring.LeftTypes;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A channel between two resizes: its memory, the buffers in it and the writer over them. Buffers are added under the
/// channel's lock; everything else any thread may call.
final class Generation {
    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    private final ChannelConfig config;
    private final ChannelMemory memory;
    private final RecordWriter writer;
    private final AtomicBoolean released = new AtomicBoolean();

    /// Makes the memory; there are no buffers yet, and nobody else sees it before [#publish()].
    ///
    /// @param config of the channel
    /// @param place  where
    /// @param cpus   as they are now
    /// @throws IOException it cannot be made
    Generation(ChannelConfig config, ChannelPlace place, Cpus cpus) throws IOException {
        this(config, ChannelMemory.create(place, config.shape(), cpus));
    }

    /// Uses memory that is there; its buffers are added by [RecordWriter#add].
    Generation(ChannelConfig config, ChannelMemory memory) {
        this.config = config;
        this.memory = memory;
        this.writer = memory.newWriter();
    }

    /// {@return the memory in bytes that a new channel takes: its first generation, and the types of its events}
    ///
    /// @param cpus as they are now
    static long bytesAtStart(ChannelConfig config, Cpus cpus) {
        return bytes(config, config.global() ? 1 : cpus.online().size())
                + (config.events() ? LeftTypes.FIRST_BYTES : 0);
    }

    /// {@return the memory in bytes that so many buffers take}
    static long bytes(ChannelConfig config, int buffers) {
        long region = BufferHeader.regionSize(config.subBufferCount());
        return ChannelHeader.SIZE
                + buffers * (ChannelMemory.dataSize(config.shape().geometry()) + region);
    }

    ChannelConfig config() {
        return config;
    }

    ChannelMemory memory() {
        return memory;
    }

    RecordWriter writer() {
        return writer;
    }

    /// {@return the writer for the fast path of records: one that finds no buffer in a channel of events}
    RecordWriter recordWriter() {
        return config.events() ? memory.newWriter() : writer;
    }

    /// Makes a buffer that no writer finds yet.
    RingBuffer makeBuffer(int slot, boolean live) throws IOException {
        return memory.createBuffer(slot, slot, config.shape(), live);
    }

    /// {@return the buffers, ascending by slot}
    List<RingBuffer> rings() {
        return slots().stream().map(writer::buffer).toList();
    }

    /// {@return the slots that have a buffer, ascending}
    List<Integer> slots() {
        return IntStream.range(0, writer.slots())
                .filter(slot -> writer.buffer(slot) != null)
                .boxed()
                .toList();
    }

    void publish() {
        memory.publish();
    }

    void setState(long state) {
        ChannelHeader.setStateVolatile(memory.headerAddress(), state);
    }

    /// {@return bytes of shared memory that it takes}
    long bytes() {
        return bytes(config, rings().size());
    }

    /// {@return [#bytes()] for the first who asks: they are to be given back; 0 for all others}
    long release() {
        return released.compareAndSet(false, true) ? bytes() : 0;
    }

    /// {@return how many of [#bytes()] stay taken when its files are removed}
    long bytesKept() {
        return memory.bytesKept(slots().size());
    }

    /// Lets the next generation take the records: one buffer after the other is closed, and who is refused there goes
    /// to the buffer of the same slot. Only when all are closed may writers be led there directly: a record there
    /// would else be read after one that came to the old buffer later.
    ///
    /// @param next   has the same slots, live as these are
    /// @param passed called once, when all of this has been read, by the reader
    void handOverTo(Generation next, Runnable passed) {
        List<RingBuffer> old = rings();
        // One more, because files may only be removed when the state says why.
        AtomicInteger unread = new AtomicInteger(old.size() + 1);
        Runnable onePassed = () -> {
            if (unread.decrementAndGet() == 0) {
                passed.run();
            }
        };
        old.forEach(buffer -> buffer.whenPassed(onePassed));
        for (int slot : slots()) {
            writer.buffer(slot).handOverTo(next.writer.buffer(slot));
        }
        setState(ChannelHeader.STATE_MOVED);
        onePassed.run();
    }

    /// Removes its files; the memory lives on while somebody holds it.
    ///
    /// @param channelName for the log
    void remove(String channelName) {
        try {
            memory.removeFiles();
        } catch (IOException e) {
            LOG.warn("channel {}: {} could not be removed: {}", channelName, memory.folder(), e.getMessage());
        }
    }
}
