package org.relayfs.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.ReadySink;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.SwitchPolicy;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.MappedFile;

/// One CPU's buffer: relay's `rchan_buf`. All of its state is in shared memory. Programs see the part of it that
/// [ChannelBuffer] promises; the mount and the channel see the rest, its life and its wake-ups.
///
/// Writers: any thread of any attached process. Readers, flush, reset and everything else: any thread of the
/// owning process. The methods still work after the channel was closed: what was written stays readable, writes
/// are refused. The memory stays mapped while this object is reachable.
public final class RingBuffer implements ChannelBuffer {
    final Ring ring;
    final Delivery delivery;
    final Holes holes;
    final SubBufferSwitch switcher;
    final SharedFiles files;
    private final Geometry geometry;
    private final Path path;
    private final BufferReader reader;
    private final StalledWriters stalled;
    private final int cpu;
    private final RecordWriter writer;
    private final Wakeup wakeup;
    private final FileSize fileSize;

    /// Wraps a buffer's memory; [#initialize] must have been called on it once, by its maker.
    ///
    /// @param geometry     of the buffer
    /// @param overwrite    true when sub-buffers may be used again before they were consumed
    /// @param policy       the client's decision on each switch, or null for the built-in one
    /// @param meta         the channel's `meta` file
    /// @param regionOffset where in it the buffer's region begins
    /// @param data         the buffer's data file
    /// @param processes    those of the channel
    public RingBuffer(
            Geometry geometry,
            boolean overwrite,
            SwitchPolicy policy,
            MappedFile meta,
            long regionOffset,
            MappedFile data,
            ProcessTable processes) {
        this(
                new Ring(geometry, overwrite || policy != null, meta, regionOffset, data.memory(), processes),
                policy,
                data.path());
    }

    RingBuffer(Ring ring, SwitchPolicy policy, Path path) {
        this.geometry = ring.geometry;
        this.ring = ring;
        this.path = path;
        this.files = new SharedFiles(ring, path);
        this.fileSize = new FileSize(ring);
        this.wakeup = new Wakeup(ring, this);
        this.delivery = new Delivery(ring, wakeup);
        this.holes = new Holes(ring);
        this.switcher =
                policy == null ? new SubBufferSwitch(ring, delivery) : new CallbackSwitch(ring, delivery, policy, this);
        this.reader = new BufferReader(ring, holes);
        this.stalled = new StalledWriters(ring, delivery, holes);
        this.writer = RecordWriter.over(this);
        ring.damage.listener(what -> giveUp());
        this.cpu = (int) BufferHeader.wordOpaque(ring.region, BufferHeader.CPU_OFFSET);
    }

    /// Fills the region of a new buffer, before a RingBuffer is made of it. Positions begin with lap 1, so that
    /// the zero bytes of fresh memory mean nothing.
    ///
    /// @param geometry of the buffer
    /// @param region   address of its zero-filled region
    /// @param cpu      its CPU
    public static void initialize(Geometry geometry, long region, int cpu) {
        int count = geometry.subBufferCount();
        for (int index = 0; index < count; index++) {
            SubBufferTable.setCompletePlain(SubBufferTable.entry(region, index), 1);
        }
        BufferHeader.setWordOpaque(region, BufferHeader.CPU_OFFSET, cpu);
        BufferHeader.setWordOpaque(region, BufferHeader.BASE_OFFSET, count);
        BufferHeader.setWordOpaque(region, BufferHeader.CONSUMED_OFFSET, count);
        BufferHeader.setWordVolatile(region, BufferHeader.DELIVERED_OFFSET, count);
        BufferHeader.setWordVolatile(
                region, BufferHeader.RESERVE_OFFSET, geometry.reserveWord(0, count - 1, geometry.closedOffset(), 0));
    }

    /// {@return the ring behind a buffer that a channel has handed out}
    ///
    /// @param buffer one of a channel's
    public static RingBuffer of(ChannelBuffer buffer) {
        if (buffer instanceof RingBuffer ring) {
            return ring;
        }
        throw new IllegalArgumentException(
                "buffer: class=" + buffer.getClass().getName() + ", limit=a buffer of a channel");
    }

    /// {@return the rings behind the buffers of a channel}
    ///
    /// @param buffers of a channel
    public static List<RingBuffer> of(List<ChannelBuffer> buffers) {
        return buffers.stream().map(RingBuffer::of).toList();
    }

    /// Opens the first sub-buffer of a new buffer and admits writers. Called once, by the owner.
    ///
    /// @param live false to leave it disabled
    public void begin(boolean live) {
        announced(switcher::start);
        if (live) {
            setLive(true);
        }
    }

    /// {@return true when a client decides on its switches: a flush then runs the client's code}
    public boolean hasClient() {
        return switcher instanceof CallbackSwitch;
    }

    /// Sets who is told, once, when the shared memory turns out to be damaged. Its writers are then kept out, its
    /// pollers are woken, and reads fail.
    ///
    /// @param listener gets what was found; called by the thread that finds it
    public void onDamage(Consumer<String> listener) {
        ring.damage.listener(what -> {
            giveUp();
            listener.accept(what);
        });
    }

    // Writers of all processes are refused for good, and who waits is told.
    private void giveUp() {
        BufferHeader.setWordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET, BufferHeader.DAMAGED);
        setLive(false);
        wakeup.run();
    }

    /// {@return true once its shared memory has turned out to be damaged}
    public boolean isDamaged() {
        return ring.damage.isFound();
    }

    @Override
    public int cpu() {
        return cpu;
    }

    @Override
    public int write(MemorySegment source, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        try {
            return writer.write(0, source, offset, length);
        } catch (InternalError fault) {
            return files.answer(fault);
        }
    }

    /// The slow path of writers, to be followed by [#giveBack] or the end of the announcement.
    ///
    /// @param inFlight from [#announcing]; given back when there is nothing to be committed
    /// @return the reserve word that names the place, or one of [WriteResult]
    long reserve(int length, long inFlight) {
        if (inFlight == InFlight.NONE) {
            return switcher.refusals.count(WriteResult.STRAGGLER, length);
        }
        long place = WriteResult.CLOSED;
        try {
            place = switcher.reserve(length, inFlight);
            return place;
        } finally {
            if (place < 0 || length == 0) {
                delivery.leave(inFlight);
            }
        }
    }

    /// {@return an in-flight entry for one write, or [InFlight#NONE]}
    long announcing() {
        long entry = ring.inFlight.enter();
        return entry == InFlight.NONE ? claiming() : entry;
    }

    /// {@return an in-flight entry for any thread and length of time, or [InFlight#NONE]}
    long claiming() {
        long entry = ring.inFlight.claim();
        for (int i = 0; entry == InFlight.NONE && i < SubBufferSwitch.MAX_YIELDS; i++) {
            Thread.yield();
            entry = ring.inFlight.claim();
        }
        return entry;
    }

    /// The record cannot be had, or not be stored.
    void giveBack(long place, int length, long inFlight, Throwable why) {
        try {
            if (!(why instanceof InternalError && files.isShortened(why))) {
                RingReservation.giveBack(this, place, length, inFlight);
            }
        } finally {
            delivery.leave(inFlight);
        }
    }

    private void announced(LongConsumer action) {
        long inFlight = announcing();
        if (inFlight == InFlight.NONE) {
            throw new IllegalStateException(path + ": too many reservations are open, limit="
                    + InFlightTable.CLAIMED_ENTRIES + " a buffer: commit or abort some");
        }
        try {
            action.accept(inFlight);
        } finally {
            delivery.leave(inFlight);
        }
    }

    @Override
    public int reserve(Reservation reservation, int length) {
        RingReservation mine = RingReservation.of(reservation);
        try {
            return mine.in(this, length);
        } catch (DamagedBufferException e) {
            return WriteResult.DAMAGED;
        } catch (InternalError fault) {
            return files.answer(fault);
        }
    }

    @Override
    public void flush() {
        try {
            files.touch(() -> {
                settle();
                announced(switcher::flush);
            });
        } catch (DamagedBufferException e) {
            // There is nothing that a reader could get.
        }
    }

    @Override
    public void reset() {
        files.touch(() -> switcher.serialised(() -> reader.exclusively(() -> announced(this::resetNow))));
    }

    // The client is asked last: whatever it does, the buffer has been reset.
    private void resetNow(long inFlight) {
        BufferCounters.startRecordsAgain(ring);
        long base = switcher.jump(inFlight);
        BufferHeader.setWordOpaque(ring.region, BufferHeader.READ_OFFSET_OFFSET, 0);
        BufferHeader.setWordOpaque(ring.region, BufferHeader.BASE_OFFSET, base);
        BufferCounters.startOthersAgain(ring);
        switcher.start(inFlight);
    }

    /// Admits writers or keeps them out. Those that hold a reservation may finish.
    ///
    /// @param live true to let them in; a damaged buffer admits nobody
    public void setLive(boolean live) {
        long wanted = live ? geometry.liveBit() : 0;
        // Also of a damaged buffer, whatever the word holds.
        long word = BufferHeader.reserveVolatile(ring.region);
        while (geometry.live(word) != wanted
                && !BufferHeader.reserveCompareAndSet(ring.region, word, word ^ geometry.liveBit())) {
            word = BufferHeader.reserveVolatile(ring.region);
        }
        if (live && isDamaged()) {
            setLive(false); // found meanwhile
        }
    }

    /// Ends the buffer's life: no writer will come again, pollers are woken, what is in it stays readable.
    public void finalizeBuffer() {
        try {
            files.touch(this::end);
        } catch (DamagedBufferException e) {
            end(); // in memory that is there again
        }
    }

    private void end() {
        BufferHeader.setWordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET, BufferHeader.FINALIZED);
        setLive(false);
        wakeup.run();
    }

    @Override
    public long produced() {
        return BufferHeader.deliveredVolatile(ring.region) - base();
    }

    @Override
    public long consumed() {
        awaitReader();
        return BufferHeader.consumedAcquire(ring.region) - base();
    }

    private long base() {
        return BufferHeader.wordOpaque(ring.region, BufferHeader.BASE_OFFSET);
    }

    @Override
    public boolean isFull() {
        return ring.isFull(BufferHeader.reserveVolatile(ring.region));
    }

    /// For whoever writes on behalf of a client that may have read just now: the room that it has made is there
    /// when this returns. Waits for a read under way when all sub-buffers but the open one are unconsumed, because
    /// the open one may have no room either.
    public void settle() {
        files.touch(() -> {
            long position = geometry.position(BufferHeader.reserveVolatile(ring.region));
            if (position - BufferHeader.consumedAcquire(ring.region) >= geometry.subBufferCount() - 1) {
                awaitReader();
            }
        });
    }

    // A read hands its bytes on first and marks them as consumed afterwards, so that no writer takes their place
    // meanwhile. Who has the bytes may ask before that has happened.
    private void awaitReader() {
        reader.exclusively(() -> {});
    }

    /// {@return true when the sub-buffer being written holds something beyond its header: a flush would deliver
    /// bytes}
    public boolean hasOpenBytes() {
        long word = BufferHeader.reserveVolatile(ring.region);
        return geometry.isOpen(word) && geometry.offset(word) > geometry.headerLength();
    }

    @Override
    public long fileSize() {
        return orZero(fileSize::closed);
    }

    /// {@return [#fileSize()] and the bytes in the open sub-buffer, committed or not; never less than before}
    public long writtenSize() {
        return orZero(fileSize::written);
    }

    private long orZero(Supplier<Long> size) {
        try {
            return files.touch(size);
        } catch (DamagedBufferException e) {
            return 0;
        }
    }

    /// Changes `st_size`, as truncate does.
    ///
    /// @param bytes the new `st_size`; the next closed sub-buffer adds to it, the data stay
    public void setFileSize(long bytes) {
        fileSize.set(bytes);
    }

    @Override
    public boolean isReadable() {
        try {
            return files.touch(() -> {
                awaitReader();
                return ring.delivered() > ring.consumed() || giveUpStalled() && ring.delivered() > ring.consumed();
            });
        } catch (DamagedBufferException e) {
            return true; // a read does not wait: it fails
        }
    }

    @Override
    public boolean hasData() {
        try {
            return files.touch(() -> reader.hasData() || giveUpStalled() && reader.hasData());
        } catch (DamagedBufferException e) {
            return true; // a read does not wait: it fails
        }
    }

    @Override
    public boolean isFinalized() {
        return BufferHeader.wordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET) == BufferHeader.FINALIZED;
    }

    @Override
    public int read(MemorySegment target, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.byteSize());
        try {
            return (int) read(length, (pieces, count, total) -> {
                long to = offset;
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(pieces[i], 0, target, to, pieces[i].byteSize());
                    to += pieces[i].byteSize();
                }
                return true;
            });
        } catch (IOException e) {
            throw new AssertionError("copying does no I/O", e);
        }
    }

    @Override
    public long read(long length, ReadySink sink) throws IOException {
        if (length <= 0) {
            return 0;
        }
        try {
            return readAny(length, sink);
        } catch (IOException | InternalError failure) {
            if (files.isShortened(failure)) {
                throw ring.damage.exception();
            }
            throw failure;
        }
    }

    private long readAny(long length, ReadySink sink) throws IOException {
        boolean[] empty = {false};
        long read = reader.read(length, (pieces, count, total) -> {
            empty[0] = total == 0;
            return total != 0 && sink.accept(pieces, count, total);
        });
        if (!empty[0]) {
            return read;
        }
        if (giveUpStalled()) {
            return reader.read(length, sink);
        }
        sink.accept(new MemorySegment[0], 0, 0);
        return 0;
    }

    /// Looks for writers that do not come back and gives up what they hold, see `docs/semantics.md`. Reads and
    /// polls that find nothing do so themselves; whoever waits for a wake-up calls it now and then.
    ///
    /// @return true when something was delivered thereby
    public boolean giveUpStalled() {
        StalledWriters.Finding[] finding = {StalledWriters.Finding.NONE};
        reader.exclusively(() -> {
            try {
                finding[0] = stalled.look(System.nanoTime());
            } catch (DamagedBufferException e) {
                finding[0] = StalledWriters.Finding.NONE; // nothing in it can be relied on
            }
        });
        if (finding[0] == StalledWriters.Finding.CLOSE_FIRST) {
            flush();
            return false;
        }
        return finding[0] == StalledWriters.Finding.DELIVERED;
    }

    @Override
    public void subBuffersConsumed(long count) {
        reader.subBuffersConsumed(count);
    }

    @Override
    public BufferStats stats() {
        // Beside a read or a reset the words would not belong together.
        BufferStats[] stats = {null};
        try {
            files.touch(() -> reader.exclusively(() -> stats[0] = BufferCounters.read(ring, cpu)));
            return stats[0];
        } catch (DamagedBufferException e) {
            return BufferCounters.ofDamaged(cpu);
        }
    }

    @Override
    public long paddingBytes(int slot) {
        return BufferCounters.padding(ring, Objects.checkIndex(slot, geometry.subBufferCount()));
    }

    /// Sets the listener for deliveries. There is one per buffer.
    ///
    /// @param deliveryListener told once for each [#armWakeup()]
    public void setDeliveryListener(DeliveryListener deliveryListener) {
        wakeup.listener(Objects.requireNonNull(deliveryListener));
    }

    /// Asks for one call of the listener at the next delivery, flush or finalization. Arm first, then test
    /// [#isReadable()]: what is delivered between the two is then seen by one of them.
    public void armWakeup() {
        wakeup.arm();
    }

    /// Calls the listener if the buffer is armed and something was delivered that those who wait have not been told
    /// of. For deliveries by other processes, which cannot call the listener, and to notice writers that have died.
    /// What is only still unread wakes nobody: an edge-triggered poller would take it for news.
    public void wakeIfReadable() {
        try {
            files.touch(() -> {
                wakeup.restore();
                if (wakeup.isArmed() && isReadable() && wakeup.hasNews()) {
                    wakeup.run();
                }
            });
        } catch (DamagedBufferException e) {
            // Who waits was told when it was found.
        }
    }

    /// {@return true when somebody waits for the next delivery}
    public boolean isArmed() {
        return wakeup.isArmed();
    }

    /// In an attached process: how to reach the owner, whose listener is to be called. Called for each delivery
    /// while the buffer is armed.
    ///
    /// @param owner makes the owner call [#wakeIfReadable()]
    public void wakeThrough(Runnable owner) {
        wakeup.owner(owner);
    }

    @Override
    public Path dataPath() {
        return path;
    }

    /// {@return length of the data file: S times N rounded up to pages}
    public long dataSize() {
        return ring.data.byteSize();
    }

    @Override
    public MemorySegment data() {
        return ring.data.asReadOnly();
    }

    MemorySegment subBuffer(int index) {
        return writable(index, 0, geometry.subBufferSize());
    }

    MemorySegment writable(int index, long offset, long length) {
        return ring.data.asSlice(index * geometry.subBufferSize() + offset, length);
    }
}
