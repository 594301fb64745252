package org.relayfs.ring;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.Geometry;
import org.relayfs.memory.ReadOnlyFile;
import org.relayfs.ring.Remains.Gap;
import org.relayfs.ring.Remains.Portion;
import org.relayfs.ring.WordsCopy.Look;

/// A buffer of a dead owner, to be read without changing anything in it. Processes that have the channel attached and
/// live may write on meanwhile: what was accepted before the look is read all the same, unless it is overwritten or
/// behind a record that one of them does not finish. For one thread.
public final class DeadBuffer implements Closeable {
    private static final int CHUNK = 1 << 20;
    private static final int MAX_LOOKS = 100;
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /// The receiver of the bytes.
    public interface Target {
        /// Takes bytes that follow those before.
        void write(ByteBuffer bytes) throws IOException;

        /// {@return how many it has taken}
        long size();

        /// Forgets the last it has taken.
        void shorten(long size) throws IOException;
    }

    private final int slot;
    private final Geometry geometry;
    private final Survivors survivors;
    private final ReadOnlyFile data;
    private final WordsCopy copy;
    private final RingView ring;
    private final Arena arena = Arena.ofConfined();
    private final ByteBuffer chunk;
    private final RecoveredBuffer.Builder found;
    private String damage;

    DeadBuffer(int slot, CheckedHeader header, Survivors survivors, ReadOnlyFile meta, ReadOnlyFile data) {
        this.slot = slot;
        this.geometry = header.geometry();
        this.survivors = survivors;
        this.data = data;
        int length = (int) Math.min(CHUNK, geometry.bufferSize());
        this.chunk = arena.allocate(length).asByteBuffer();
        this.copy = new WordsCopy(meta, ChannelHeader.SIZE + slot * header.stride(), geometry);
        this.ring = new RingView(geometry, copy.words());
        this.found = new RecoveredBuffer.Builder(slot);
        ring.damage.listener(what -> damage = what);
    }

    /// Reads what there is. Damage ends it, and is told in the result.
    ///
    /// @param target gets it
    /// @param all    true: all that can still be read, also what was read before
    /// @param stop   true when it is to end early
    /// @return what was found
    /// @throws IOException the target has failed
    public RecoveredBuffer copyTo(Target target, boolean all, BooleanSupplier stop) throws IOException {
        long before = target.size();
        try {
            Remains remains = look(all);
            if (remains != null) {
                for (Portion portion : remains.portions()) {
                    copy(portion, target, stop);
                }
                found.judge(remains, ring);
            }
        } catch (DamagedBufferException e) {
            found.damage(damage);
        }
        return found.build(target.size() - before);
    }

    /// Looks until what was accepted before the first look is there.
    private Remains look(boolean all) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NS;
        long end = Long.MIN_VALUE;
        while (true) {
            survivors.look();
            Look look = lookStill();
            if (look == Look.TOO_SHORT) {
                found.damage("meta is too short");
                return null;
            }
            Remains remains = new Remains(ring, survivors::isAlive, look, all);
            end = end == Long.MIN_VALUE ? geometry.distance(ring.reserve()) : end;
            if (remains.cut() >= end || System.nanoTime() - deadline > 0) {
                return remains;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private Look lookStill() throws IOException {
        Look look = copy.take();
        for (int i = 1; i < MAX_LOOKS && look != Look.STILL && look != Look.TOO_SHORT; i++) {
            look = copy.take();
        }
        return look;
    }

    private void copy(Portion portion, Target target, BooleanSupplier stop) throws IOException {
        long before = target.size();
        long offset = portion.from();
        boolean intact = true;
        for (Gap gap : portion.gaps()) {
            intact = intact && copy(portion, offset, Math.max(offset, gap.begin()), target, stop);
            found.leaveOut(gap.cause(), Math.max(0, gap.end() - Math.max(offset, gap.begin())));
            offset = Math.max(offset, gap.end());
        }
        intact = intact && copy(portion, offset, portion.limit(), target, stop);
        if (intact) {
            found.addSubBuffer();
        } else {
            target.shorten(before);
        }
    }

    /// {@return false when the sub-buffer was overwritten meanwhile, or cannot be read}
    private boolean copy(Portion portion, long from, long to, Target target, BooleanSupplier stop) throws IOException {
        long start = (long) geometry.indexOf(portion.position()) * geometry.subBufferSize();
        long offset = from;
        while (offset < to && !stop.getAsBoolean()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), to - offset));
            int length = chunk.limit();
            if (!data.read(chunk, start + offset)) {
                found.damage("cpu" + slot + " is too short");
                return false;
            }
            chunk.flip();
            putHeader(portion, offset);
            if (!isIntact(portion.position())) {
                return false;
            }
            target.write(chunk);
            offset += length;
        }
        if (offset < to) {
            found.stopped();
        }
        return true;
    }

    /// The padding as its closer has stored it, or would have: it may have died before. So may the opener, before it
    /// was done with the event that a sub-buffer begins with.
    private void putHeader(Portion portion, long offset) {
        int length = geometry.headerLength();
        if (offset >= length) {
            return;
        }
        int padding = portion.open() ? 0 : (int) (geometry.subBufferSize() - portion.limit());
        ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        int kept = (int) Math.min(length - offset, chunk.limit());
        chunk.get(0, header.array(), (int) offset, kept);
        if (portion.begun() != 0 && geometry.hasEvents()) {
            putFirstEvent(header, portion);
        }
        if (length == Long.BYTES) {
            header.putLong(0, padding);
        } else {
            header.putInt(geometry.hasEvents() ? EventLayout.UNUSED_OFFSET : 0, padding);
        }
        chunk.put(0, header.array(), (int) offset, kept);
    }

    // The clocks and the counts went with their writer.
    private void putFirstEvent(ByteBuffer event, Portion portion) {
        event.clear().put(new byte[event.capacity()]);
        int payload = event.capacity() - EventLayout.HEADER_SIZE;
        event.putLong(EventLayout.TIMESTAMP_OFFSET, portion.begun());
        event.putLong(EventLayout.WORD_OFFSET, EventLayout.word(EventLayout.SUB_BUFFER, payload, 0));
        event.putInt(EventLayout.CPU_OFFSET, (int) BufferHeader.wordOpaque(ring.region, BufferHeader.CPU_OFFSET));
        event.putLong(EventLayout.POSITION_OFFSET, portion.position() - geometry.subBufferCount());
    }

    private boolean isIntact(long position) throws IOException {
        long word = copy.reserveNow();
        if (!geometry.isReserveWord(word)) {
            found.damage("RESERVE=" + word);
            return false;
        }
        boolean intact = position >= ring.oldestIntact(word);
        if (!intact) {
            found.overtaken();
        }
        return intact;
    }

    @Override
    public void close() throws IOException {
        copy.close();
        arena.close();
        data.close();
    }
}
