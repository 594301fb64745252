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
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.linux.CurrentCpu;
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
    /// Without a client only.
    final SubBufferSwitch patient;
    final SharedFiles files;
    private final Geometry geometry;
    private final Path path;
    final Outlet outlet;
    final Wakeup wakeup;
    private final Bell roomBell;
    final FileSize fileSize;
    private final BufferReader reader;
    private final int cpu;
    private final RecordWriter writer;
    /// Null unless what it holds are events.
    final EventWriter events;
    // In a process that does not own it: set before any other thread sees it.
    private boolean attached;
    private final Handover handover = new Handover(() -> this.lineage.taker());
    private volatile Lineage lineage = new Lineage(this);
    // Of the next generation, until this one was read to its end.
    private volatile RingBuffer heir;
    private DeliveryListener listener;
    private Runnable roomListener;

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
        this.roomBell = Bell.ofRoom(ring);
        this.delivery = new Delivery(ring, wakeup);
        this.holes = new Holes(ring);
        this.switcher =
                policy == null ? new SubBufferSwitch(ring, delivery) : new CallbackSwitch(ring, delivery, policy, this);
        this.patient = policy == null ? new PatientSwitch(ring, delivery) : switcher;
        this.reader = new BufferReader(ring, holes);
        this.outlet = new Outlet(ring, files, reader, new StalledWriters(ring, delivery, holes), this::flush);
        this.writer = RecordWriter.over(this);
        this.events = writer.events();
        this.wakeup.listener(delivered -> lineage.onDelivery(delivered));
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
        tellWaiters();
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
            return events == null
                    ? writer.write(0, source, offset, length)
                    : events.write(
                            0, CurrentCpu.threadNumber(CurrentCpu.here()), EventLayout.BYTES, source, offset, length);
        } catch (InternalError fault) {
            return files.answer(fault);
        }
    }

    /// Logs one record for a writer that waits while there is no room: a full buffer costs no record, and nothing is
    /// counted. What can never fit is refused at once. To be called after [#armRoom()].
    ///
    /// @param source from
    /// @param offset of its first byte
    /// @param length bytes
    /// @return `length`, or one of [WriteResult]; [WriteResult#FULL]: wait
    public int writeIfRoom(MemorySegment source, long offset, int length) {
        return writeIfRoom(EventLayout.BYTES, source, offset, length);
    }

    int writeIfRoom(int id, MemorySegment source, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        int written = tryIfRoom(id, source, offset, length);
        return written == Handover.MOVED ? lineage.taker().writeIfRoom(id, source, offset, length) : written;
    }

    /// The same in this very buffer.
    ///
    /// @param id     of the type, in a buffer of events
    /// @param source an array of bytes or a segment; offset and length have been checked
    /// @return also [Handover#MOVED]
    int tryIfRoom(int id, Object source, long offset, int length) {
        try {
            return events == null
                    ? writer.writeIfRoom(0, source, offset, length)
                    : events.writeIfRoom(0, id, source, offset, length);
        } catch (InternalError fault) {
            return files.answer(fault);
        }
    }

    /// {@return a wait for room here, of the calling thread}
    RoomWait waitForRoom() {
        return attached ? new AttachedRoomWait(roomBell) : lineage.room.enter();
    }

    /// Counts a record that was not written because there was no room in time.
    ///
    /// @return [WriteResult#FULL]
    int giveUpWaiting(int length) {
        try {
            long size = events == null ? length : (long) EventLayout.HEADER_SIZE + length;
            return (int) switcher.refusals.count(WriteResult.FULL, size);
        } catch (InternalError fault) {
            return files.answer(fault);
        }
    }

    /// Wakes the writers of other processes that wait for room here.
    void ringRoomBell() {
        try {
            roomBell.ring();
        } catch (InternalError fault) {
            int ignored = files.answer(fault); // its writers do not wait: they are refused
        }
    }

    /// The slow path of writers, to be followed by [#giveBack] or the end of the announcement.
    ///
    /// @param by       finds the place
    /// @param inFlight from [#announcing]; given back when there is nothing to be committed
    /// @return the reserve word that names the place, or one of [WriteResult]
    long reserve(SubBufferSwitch by, int length, long inFlight) {
        if (inFlight == InFlight.NONE) {
            return by.refusals.noEntry(length);
        }
        long place = WriteResult.CLOSED;
        try {
            place = by.reserve(length, inFlight);
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
            int reserved = mine.in(this, length);
            if (reserved != Handover.MOVED) {
                return reserved;
            }
            RingBuffer next = successor();
            return next == null ? WriteResult.CLOSED : next.reserve(reservation, length);
        } catch (DamagedBufferException e) {
            return WriteResult.DAMAGED;
        } catch (InternalError fault) {
            return files.answer(fault);
        }
    }

    /// {@return the buffer that takes the records of this one now, or null}
    RingBuffer successor() {
        return handover.successor();
    }

    /// Logs a record that came too late for this buffer in the one after it.
    ///
    /// @param source an array of bytes or a segment
    /// @return `length`, or one of [WriteResult]
    int writeNext(Object source, long offset, int length) {
        RingBuffer next = successor();
        return next == null ? WriteResult.CLOSED : next.writer.write(0, source, offset, length);
    }

    /// Another buffer takes the records from now on. What is in this one is read before what is in that one, and
    /// no record comes to this one after the first has come to that one: whoever is refused here goes there, and
    /// nobody else does before this has returned for all buffers of the channel.
    ///
    /// @param next of the same CPU, not in use yet
    public void handOverTo(RingBuffer next) {
        next.lineage = lineage;
        heir = next;
        // Before the buffer is closed: whoever finds it closed finds the next one.
        lineage.append(next);
        BufferHeader.setWordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET, BufferHeader.MOVED);
        setLive(false);
        closeLast();
        wakeup.run();
        lineage.room.changed();
    }

    /// In an attached process, to which the owner cannot hand a buffer.
    ///
    /// @param finder finds the buffer that takes the records when this one does not any more; null: there is none
    public void follow(Supplier<RingBuffer> finder) {
        attached = true;
        handover.follow(finder);
    }

    /// Sets what is to be done when this buffer, after a handover, has been read to its end.
    ///
    /// @param action called once, without a lock
    public void whenPassed(Runnable action) {
        handover.whenPassed(action);
    }

    /// {@return true when another buffer takes the records, and no more will come here}
    boolean isHandedOver() {
        return BufferHeader.wordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET) == BufferHeader.MOVED
                && geometry.live(BufferHeader.reserveVolatile(ring.region)) == 0;
    }

    /// Closes the sub-buffer that is open, if one is, for good: of a buffer that was handed over. A flush that was
    /// under way may have opened one more.
    void closeLast() {
        if (!geometry.isOpen(BufferHeader.reserveVolatile(ring.region))) {
            return;
        }
        try {
            files.touch(() -> switcher.serialised(() -> announced(switcher::closeLast)));
        } catch (IllegalStateException e) {
            // Nothing that a reader could get, or no entry is free: whoever reads tries again.
        }
    }

    /// It has been read to its end, and nobody is in it.
    void passed() {
        RingBuffer next = heir;
        // Whoever holds this one is not to keep all later ones.
        heir = null;
        if (next != null) {
            // Before its files go: who finds them gone finds this.
            BufferHeader.setWordVolatile(
                    next.ring.region, BufferHeader.FORMER_BYTES_OFFSET, BufferCounters.allBytes(ring));
        }
        handover.passed();
    }

    /// {@return those of its CPU that have something to read, oldest first, and the one that takes the records}
    public List<RingBuffer> withFormer() {
        lineage.sweep();
        return lineage.buffers();
    }

    @Override
    public void flush() {
        if (isHandedOver()) {
            lineage.taker().flush();
            return;
        }
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
        lineage.reset();
    }

    void resetThis() {
        files.touch(() -> switcher.serialised(() -> reader.exclusively(() -> announced(this::resetNow))));
        lineage.room.changed();
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
        lineage.room.changed();
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
        tellWaiters();
    }

    private void tellWaiters() {
        wakeup.run();
        lineage.room.changed();
    }

    @Override
    public long produced() {
        return BufferHeader.deliveredVolatile(ring.region) - base();
    }

    @Override
    public long consumed() {
        outlet.await();
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
        lineage.taker().settleItself();
    }

    private void settleItself() {
        files.touch(() -> {
            long position = geometry.position(BufferHeader.reserveVolatile(ring.region));
            if (position - BufferHeader.consumedAcquire(ring.region) >= geometry.subBufferCount() - 1) {
                outlet.await();
            }
        });
    }

    /// {@return true when the sub-buffer being written holds something beyond its header: a flush would deliver
    /// bytes}
    public boolean hasOpenBytes() {
        long word = BufferHeader.reserveVolatile(ring.region);
        return geometry.isOpen(word) && geometry.offset(word) > geometry.headerLength();
    }

    @Override
    public long fileSize() {
        return lineage.fileSize();
    }

    /// {@return [#fileSize()] and the bytes in the open sub-buffer, committed or not; never less than before}
    public long writtenSize() {
        return lineage.writtenSize();
    }

    long orZero(Supplier<Long> size) {
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
        lineage.setFileSize(bytes);
    }

    @Override
    public boolean isReadable() {
        return lineage.isReadable();
    }

    @Override
    public boolean hasData() {
        return lineage.hasData();
    }

    /// {@return true when there are bytes left in this very buffer, whatever others of its CPU hold}
    public boolean hasDataOfItsOwn() {
        return outlet.hasData();
    }

    @Override
    public boolean isFinalized() {
        return BufferHeader.wordVolatile(lineage.last().ring.region, BufferHeader.FINALIZED_OFFSET)
                == BufferHeader.FINALIZED;
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
        try {
            return length <= 0 ? 0 : lineage.read(length, sink);
        } finally {
            lineage.room.changed();
        }
    }

    /// The same, but at the end of this very buffer is the end: what was written after a handover is not read.
    ///
    /// @see #read(long, ReadySink)
    public long readOfItsOwn(long length, ReadySink sink) throws IOException {
        long read = length <= 0 ? 0 : outlet.readIfAny(length, sink);
        return read == Outlet.NOTHING ? Outlet.sayNothing(sink) : read;
    }

    @Override
    public void subBuffersConsumed(long count) {
        reader.subBuffersConsumed(count);
        lineage.room.changed();
        lineage.sweep();
    }

    /// Gives back what a consumer of this process has read in place.
    ///
    /// @param position of the first sub-buffer that it has not read, as [Observation#position()] says
    public void consumeTo(long position) {
        files.touch(() -> reader.consumeTo(position));
        lineage.room.changed();
        lineage.sweep();
    }

    @Override
    public BufferStats stats() {
        return lineage.stats();
    }

    BufferStats statsOfThis() {
        // Beside a read or a reset the words would not belong together.
        BufferStats[] stats = {null};
        try {
            files.touch(() -> reader.exclusively(() -> stats[0] = BufferCounters.read(ring, cpu)));
            return stats[0];
        } catch (DamagedBufferException e) {
            return BufferCounters.ofDamaged(cpu);
        }
    }

    /// {@return the number of records that it has refused as full, too big or straggler; 0 if it is damaged}
    public long dropped() {
        return lineage.dropped();
    }

    long droppedByThis() {
        long[] dropped = {0};
        try {
            files.touch(() -> reader.exclusively(() -> dropped[0] = BufferCounters.dropped(ring)));
            return dropped[0];
        } catch (DamagedBufferException e) {
            return 0;
        }
    }

    @Override
    public long paddingBytes(int slot) {
        return BufferCounters.padding(ring, Objects.checkIndex(slot, geometry.subBufferCount()));
    }

    /// Sets the listener for deliveries, here and in all that have taken this buffer's place or will. There is one
    /// per buffer.
    ///
    /// @param deliveryListener told once for each [#armWakeup()]; null: nobody any more
    public synchronized void setDeliveryListener(DeliveryListener deliveryListener) {
        lineage.replaceListener(listener, deliveryListener);
        listener = deliveryListener;
    }

    /// Calls the listener, whether the buffer is armed or not: there is another file for the next buffer now.
    public void wakeAll() {
        lineage.onDelivery(this);
    }

    /// Takes listeners away, unless others have taken their place.
    ///
    /// @param deliveryListener as it was set
    /// @param whoWaits         as it was set
    public synchronized void removeListeners(DeliveryListener deliveryListener, Runnable whoWaits) {
        if (listener == deliveryListener) {
            setDeliveryListener(null);
        }
        if (roomListener == whoWaits) {
            setRoomListener(null);
        }
    }

    /// Asks for one call of the listener at the next delivery, flush or finalization. Arm first, then test
    /// [#isReadable()]: what is delivered between the two is then seen by one of them.
    public void armWakeup() {
        lineage.arm();
    }

    /// Looks for writers that do not come back and gives up what they hold, see `docs/semantics.md`. Reads and
    /// polls that find nothing do so themselves; whoever waits for a wake-up calls it now and then.
    ///
    /// @return true when something was delivered thereby
    public boolean giveUpStalled() {
        return outlet.giveUpStalled();
    }

    /// Sets who is told of room, here and in all that have taken this buffer's place or will. There is one per
    /// buffer.
    ///
    /// @param whoWaits told once for each [#armRoom()], from the thread that consumes: it must not block, lock,
    ///     allocate much or throw; null: nobody any more
    public synchronized void setRoomListener(Runnable whoWaits) {
        lineage.room.replaceListener(roomListener, whoWaits);
        roomListener = whoWaits;
    }

    /// Asks for one call of the room listener when something was consumed, or when writes are answered in another way
    /// than before: enabled, disabled, ended. Arm first, then try.
    public void armRoom() {
        lineage.room.arm();
    }

    /// Tells those who wait for room to try again, for a reason that is not in the buffer.
    public void tellWriters() {
        lineage.room.changed();
    }

    /// {@return true when a write of a single byte would not have to wait for a reader}
    ///
    /// An only sub-buffer that is full and open counts as room: a reader cannot release it before a write has
    /// closed it.
    public boolean hasRoom() {
        return lineage.taker().hasRoomItself();
    }

    private boolean hasRoomItself() {
        try {
            return files.touch(() -> {
                settleItself();
                long word = ring.reserve();
                long next = geometry.position(word) + 1;
                return ring.overwrite
                        || geometry.live(word) == 0
                        || geometry.isOpen(word)
                                && (geometry.offset(word) < geometry.subBufferSize() || geometry.subBufferCount() == 1)
                        || next - ring.consumed() < geometry.subBufferCount();
            });
        } catch (DamagedBufferException e) {
            return true; // a write does not wait: it fails
        }
    }

    /// Calls the listener if the buffer is armed and something was delivered that those who wait have not been told
    /// of. For deliveries by other processes, which cannot call the listener, and to notice writers that have died.
    /// What is only still unread wakes nobody: an edge-triggered poller would take it for news.
    ///
    /// Readers that have mapped the channel only look: what keeps them waiting is given up for them here.
    public void wakeIfReadable() {
        try {
            files.touch(() -> {
                wakeup.restore();
                if (wakeup.isBellArmed()) {
                    outlet.giveUpStalled();
                }
                if (wakeup.isArmed() && outlet.isReadable() && wakeup.hasNews()) {
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
