package org.relayfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.relayfs.memory.Futex;
import org.relayfs.ring.ChannelMemory;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;

/// One generation of a channel of another process, as this process has mapped it. Guarded by the channel, except for
/// [#memory()] and [#writer()].
final class Attachment {
    /// How often writers are given the time to finish a copy. It takes nanoseconds, unless they are not running.
    private static final int MAX_YIELDS = 16;

    private final Path folder;
    private final ChannelMemory memory;
    private final RecordWriter writer;
    private final Futex doorbell;
    private final Function<Attachment, Attachment> follow;
    private Attachment next;

    /// Maps the oldest generation that takes records.
    ///
    /// @param channel  folder of the channel
    /// @param after    number of a generation that takes no records any more, -1 for none
    /// @param doorbell of the owner
    /// @param follow   finds the generation after another one, null when there is none
    /// @throws IOException it is not there, or cannot be mapped
    static Attachment of(Path channel, int after, Futex doorbell, Function<Attachment, Attachment> follow)
            throws IOException {
        Attachment attachment = new Attachment(channel, after, doorbell, follow);
        // The owner may have removed the files of one that is over before they were mapped.
        while (attachment.memory.isMoved()) {
            attachment.memory.detach();
            attachment = new Attachment(channel, attachment.memory.number(), doorbell, follow);
        }
        return attachment;
    }

    private Attachment(Path channel, int after, Futex doorbell, Function<Attachment, Attachment> follow)
            throws IOException {
        this.folder = channel;
        this.memory = ChannelMemory.attach(channel, after);
        this.doorbell = doorbell;
        this.follow = follow;
        this.writer = memory.newWriter();
        for (int slot = 0; slot < memory.slots(); slot++) {
            map(slot);
        }
    }

    /// {@return the channel's, of which this is a generation}
    Path folder() {
        return folder;
    }

    /// {@return the owner's}
    Futex doorbell() {
        return doorbell;
    }

    ChannelMemory memory() {
        return memory;
    }

    RecordWriter writer() {
        return writer;
    }

    /// {@return the writer for the fast path of records: one that finds no buffer in a channel of events}
    RecordWriter recordWriter() {
        return memory.geometry().hasEvents() ? memory.newWriter() : writer;
    }

    Attachment next() {
        return next;
    }

    void setNext(Attachment generation) {
        next = generation;
    }

    /// Maps the buffer of a slot, if the owner has one for it by now.
    ///
    /// @return the buffer, or null
    RingBuffer map(int slot) {
        if (writer.buffer(slot) != null) {
            return writer.buffer(slot);
        }
        try {
            RingBuffer buffer = memory.attachBuffer(slot);
            if (buffer != null) {
                buffer.wakeThrough(doorbell::ring);
                buffer.follow(() -> inNext(slot));
                writer.add(slot, buffer);
            }
            return buffer;
        } catch (IOException e) {
            // The owner is just removing the channel: what is already mapped keeps working.
            return null;
        }
    }

    private RingBuffer inNext(int slot) {
        Attachment generation = follow.apply(this);
        return generation == null ? null : generation.writer.buffer(slot);
    }

    /// Gives this process's slot back, unless a reservation is open. To be called when the owner admits no writers
    /// here any more: who tries all the same is refused.
    ///
    /// @return false when it has to be tried again
    boolean leave() {
        if (next == null && !memory.isOver()) {
            return false; // of an owner that has died: a thread may still be on its way there
        }
        for (int i = 0; isInUse(); i++) {
            if (i == MAX_YIELDS) {
                return false;
            }
            Thread.yield();
        }
        memory.detach();
        return true;
    }

    private boolean isInUse() {
        for (int slot = 0; slot < memory.slots(); slot++) {
            if (writer.buffer(slot) != null && memory.isInUse(slot)) {
                return true;
            }
        }
        return false;
    }
}
