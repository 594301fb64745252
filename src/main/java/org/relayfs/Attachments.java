package org.relayfs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.memory.MemoryPath;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;
import org.relayfs.ring.Slots;

/// What this process has mapped of a channel of another process: the generation that takes records, those before it in
/// which reservations of this process are open, and how to get to the next. Any thread.
final class Attachments {
    // Looking costs a system call, so it is not done with each record.
    private static final long LOOK_NS = 50_000_000;

    private final Path path;
    private final Consumer<RecordWriter> writer;
    private Events events;
    // Set under this.
    private volatile Attachment present;
    // Guarded by this: generations that take no records any more, and in which reservations of this process are open.
    private final List<Attachment> former = new ArrayList<>();
    // When a thread last looked for a buffer that was not there; some may look too often.
    private volatile long lookedNs = System.nanoTime() - LOOK_NS;
    // Guarded by this: the mapping of buffers.
    private boolean closed;

    /// Maps a channel.
    ///
    /// @param path   its directory on a mount, or its folder of shared memory
    /// @param writer gets the writer of each generation that takes records, from the first on
    /// @throws IOException it cannot be mapped
    Attachments(Path path, Consumer<RecordWriter> writer) throws IOException {
        this.path = path;
        this.writer = writer;
        Path folder = MemoryPath.of(path);
        use(Attachment.of(folder, -1, Doorbell.of(folder), this::after));
        this.events = hasEvents()
                ? new Events(
                        present.memory().types(),
                        present.writer(),
                        this::bufferFor,
                        () -> folder.getFileName().toString())
                : null;
    }

    /// {@return its events; null in a channel of records}
    Events events() {
        return events;
    }

    private void use(Attachment attachment) {
        present = attachment;
        if (events != null) {
            events.moveTo(attachment.writer());
        }
        writer.accept(attachment.recordWriter());
    }

    boolean isOwnerAlive() {
        return present.memory().isOwnerAlive();
    }

    /// {@return bytes of a sub-buffer}
    long subBufferSize() {
        return present.memory().geometry().subBufferSize();
    }

    boolean hasEvents() {
        return present.memory().geometry().hasEvents();
    }

    /// {@return how many regions there are}
    int slots() {
        return present.memory().slots();
    }

    RingBuffer bufferForThisCpu() {
        return bufferFor(Slots.of(CurrentCpu.get(), slots()));
    }

    /// {@return the buffer of a slot, or if the owner has none for it, the first that there is; null: there is none}
    RingBuffer bufferFor(int slot) {
        RecordWriter to = present.writer();
        RingBuffer own = to.buffer(slot);
        long now = System.nanoTime();
        if (own == null && now - lookedNs > LOOK_NS) {
            lookedNs = now;
            own = map(slot);
        }
        for (int other = 0; own == null && other < to.slots(); other++) {
            own = to.buffer(other);
        }
        return own;
    }

    private synchronized RingBuffer map(int slot) {
        return closed ? null : present.map(slot);
    }

    // Called by a writer that was refused in a buffer of `old`, with nothing announced.
    private synchronized Attachment after(Attachment old) {
        if (closed) {
            return null;
        }
        try {
            if (old.next() == null) {
                old.setNext(Attachment.of(old.folder(), old.memory().number(), old.doorbell(), this::after));
                former.add(old);
                if (present == old) { // or another channel has been attached meanwhile
                    use(old.next());
                } else {
                    former.add(old.next());
                }
            }
            former.removeIf(Attachment::leave);
            return old.next();
        } catch (IOException e) {
            // The channel is closed, or its next generation cannot be mapped: the next record tries again.
            return null;
        }
    }

    /// Goes on in the channel that is at the path now.
    ///
    /// @return false when there is none, or still the same
    /// @throws IOException it cannot be mapped
    synchronized boolean reattach() throws IOException {
        if (closed) {
            throw new IllegalStateException(path + ": the channel was left; attach again");
        }
        Path folder;
        try {
            folder = MemoryPath.of(path);
            if (folder.equals(present.folder())) {
                return false;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        Attachment anew = Attachment.of(folder, -1, Doorbell.of(folder), this::after);
        former.add(present);
        use(anew);
        former.removeIf(Attachment::leave);
        return true;
    }

    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        former.add(present);
        for (Attachment generation : former) {
            generation.writer().removeAll();
            generation.memory().detach();
        }
    }
}
