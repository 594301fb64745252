package org.relayfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.linux.Cpus;
import org.relayfs.memory.SharedFolder;
import org.relayfs.ring.AdoptedMemory;
import org.relayfs.ring.ChannelPlace;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The generations of a channel: the present one, and those before a resize that hold records which nobody has read.
/// Changed under the channel's lock; may be asked by any thread.
final class Generations {
    /// So many may wait for a reader: each holds memory.
    static final int MAX_FORMER = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    private final RelayChannel channel;
    private final ChannelPlace place;
    private final BufferFileNames files;
    private final int firstCpu;
    // Taken away by whoever reads their last byte.
    private final List<Generation> former = new CopyOnWriteArrayList<>();
    private volatile Generation present;
    private int number;
    // What the first has left. Guarded by former.
    private long kept;

    /// Makes the first generation, with its buffers.
    ///
    /// @param channel to which they belong; only its name is asked for
    /// @param place   of the channel
    /// @throws IOException it cannot be made
    Generations(RelayChannel channel, ChannelConfig config, ChannelPlace place, Cpus cpus) throws IOException {
        this.channel = channel;
        this.place = place;
        this.firstCpu = cpus.online().getFirst();
        this.files = new BufferFileNames(config, firstCpu);
        this.present = new Generation(config, place, cpus);
        keepSettings(channel.name());
        List<Integer> slots = config.global() ? List.of(0) : cpus.online();
        fill(present, slots, true);
        present.publish();
    }

    /// Takes over the generations of a channel whose owner is dead. When this fails, nothing has changed in them.
    ///
    /// @param channel to which they belong; only its name is asked for
    /// @param taken   gets the bytes that they have
    /// @param passed  as for [#moveTo]
    /// @throws IOException they cannot be mapped
    Generations(RelayChannel channel, AdoptedChannel adopted, LongConsumer taken, LongConsumer passed)
            throws IOException {
        this.channel = channel;
        this.place = adopted.place();
        this.firstCpu = adopted.settings().firstCpu();
        this.files = new BufferFileNames(adopted.config(), firstCpu);
        List<Generation> all = new ArrayList<>();
        for (AdoptedMemory memory : adopted.generations()) {
            Generation generation = new Generation(adopted.config(memory), memory.memory());
            for (int slot : memory.slots()) {
                RingBuffer buffer = memory.buffer(slot);
                watch(buffer, slot);
                generation.writer().add(slot, buffer);
            }
            all.add(generation);
        }
        this.present = all.removeLast();
        this.number = present.memory().number();
        for (RingBuffer buffer : present.rings()) {
            files.add(channel.name(), buffer);
        }
        adopted.takeOver();
        former.addAll(all);
        taken.accept(bytes());
        for (int i = 0; i < all.size(); i++) {
            handOver(all.get(i), i + 1 < all.size() ? all.get(i + 1) : present, passed);
        }
        present.rings().forEach(buffer -> buffer.setLive(adopted.isEnabled()));
        allRings(); // what was read to its end is gone at once
    }

    /// Keeps what is not in the channel's memory, for who takes it over one day.
    ///
    /// @param name of the channel, null while it has none
    void keepSettings(String name) throws IOException {
        new KeptSettings(name, firstCpu, present.config()).write(place.folder());
    }

    private void fill(Generation generation, List<Integer> slots, boolean live) throws IOException {
        try {
            for (int slot : slots) {
                addBuffer(generation, slot, live);
            }
        } catch (IOException | RuntimeException e) {
            RuntimeException failure = files.tellRemoved(generation.rings());
            if (failure != null) {
                e.addSuppressed(failure);
            }
            if (generation.config().callbacks() == null) {
                // No client has been handed a buffer.
                generation.memory().discard();
            }
            throw e;
        }
    }

    private RingBuffer addBuffer(Generation generation, int slot, boolean live) throws IOException {
        boolean added = false;
        try {
            RingBuffer buffer = generation.makeBuffer(slot, live);
            watch(buffer, slot);
            files.add(channel.name(), buffer);
            generation.writer().add(slot, buffer);
            added = true;
            return buffer;
        } finally {
            if (!added) {
                generation.memory().removeBuffer(slot);
            }
        }
    }

    private void watch(RingBuffer buffer, int slot) {
        buffer.onDamage(what -> LOG.error(
                "channel {}: the shared memory of CPU {} is damaged: {}; destroy the channel and create it again",
                channel.name(),
                slot,
                what));
    }

    /// Adds a buffer to the present generation.
    RingBuffer addBuffer(int slot, boolean live) throws IOException {
        return addBuffer(present, slot, live);
    }

    /// {@return the one that takes the records}
    Generation present() {
        return present;
    }

    /// {@return the place of the first}
    ChannelPlace place() {
        return place;
    }

    BufferFileNames files() {
        return files;
    }

    /// {@return the number of the next generation}
    ///
    /// @throws IllegalStateException too many have not been read
    int nextNumber() {
        allRings();
        if (former.size() >= MAX_FORMER) {
            throw new IllegalStateException("channel " + channel.name() + ": resizes without a reader: count="
                    + former.size() + ", limit=" + MAX_FORMER + "; read the records, or reset the channel");
        }
        return number + 1;
    }

    /// Lets another generation take the records. When it cannot be made, nothing has changed.
    ///
    /// @param config another geometry, the same in all else
    /// @param nextPlace of the next generation
    /// @param live   true when logging is enabled
    /// @param passed called once, without a lock, when the present generation has been read to its end; gets the
    ///               bytes that are to be given back
    void moveTo(ChannelConfig config, ChannelPlace nextPlace, Cpus cpus, boolean live, LongConsumer passed)
            throws IOException {
        Generation old = present;
        List<RingBuffer> rings = old.rings();
        if (rings.stream().anyMatch(RingBuffer::isDamaged)) {
            throw new IOException("channel " + channel.name() + ": its shared memory is damaged; destroy it and create"
                    + " it again");
        }
        Generation next = new Generation(config, nextPlace, cpus);
        fill(next, old.slots(), live);
        next.setState(live ? ChannelHeader.STATE_ENABLED : ChannelHeader.STATE_DISABLED);
        next.publish();
        number++;
        former.add(old);
        handOver(old, next, passed);
        present = next;
        allRings(); // what was empty is gone at once
        RuntimeException failure = files.tellRemoved(rings);
        if (failure != null) {
            LOG.warn("channel {}: its client failed when files were removed", channel.name(), failure);
        }
    }

    private void handOver(Generation old, Generation next, LongConsumer passed) {
        old.handOverTo(next, () -> {
            old.remove(channel.name());
            passed.accept(leave(old));
        });
    }

    private long leave(Generation old) {
        synchronized (former) {
            former.remove(old);
            long released = old.release();
            long stays = released == 0 ? 0 : old.bytesKept();
            kept += stays;
            return released - stays;
        }
    }

    /// {@return the buffers of all generations that have something to read, and those of the present one}
    List<RingBuffer> allRings() {
        return present.rings().stream()
                .flatMap(ring -> ring.withFormer().stream())
                .toList();
    }

    /// {@return the bytes of shared memory of all}
    long bytes() {
        synchronized (former) {
            return present.bytes()
                    + kept
                    + former.stream().mapToLong(Generation::bytes).sum();
        }
    }

    /// Ends the present one, and removes the files of all.
    ///
    /// @return bytes that are to be given back
    long close() {
        present.rings().forEach(RingBuffer::finalizeBuffer);
        present.setState(ChannelHeader.STATE_CLOSED);
        long bytes = present.release();
        present.remove(channel.name());
        for (Generation old : former) {
            bytes += leave(old);
            old.remove(channel.name());
        }
        synchronized (former) {
            bytes += kept;
            kept = 0;
        }
        try {
            SharedFolder.remove(place.folder());
        } catch (IOException e) {
            LOG.warn("channel {}: {} could not be removed: {}", channel.name(), place.folder(), e.getMessage());
        }
        return bytes;
    }
}
