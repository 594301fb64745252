package org.relayfs.event.ctf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.relayfs.event.BuiltInType;
import org.relayfs.layout.EventLayout;

/// Makes packets of a buffer's bytes: one for each sub-buffer, which begins with an event that tells of it. The bytes
/// may come in pieces of any size; an event is written when it is whole. One thread.
///
/// Packets are numbered by the positions of their sub-buffers, so that a gap shows what was overwritten. After a
/// resize, whose buffers begin at 0 again, both numbers and losses go on from where they were.
public final class PacketStream {
    /// The files that packets go to.
    @FunctionalInterface
    public interface Files {
        /// {@return the file for the next packet: the same, or a new one}
        PacketFile next() throws IOException;
    }

    /// Where the types of events are described.
    public interface Types {
        /// Has a type described before an event of it is written.
        ///
        /// @param id of a type that was not described
        /// @return the first id that is not described now
        /// @throws IOException the description cannot be written
        int describe(int id) throws IOException;
    }

    private static final int ID_MASK = (1 << EventLayout.ID_BITS) - 1;
    private static final int SUB_BUFFER_PAYLOAD = EventLayout.SUB_BUFFER_SIZE - EventLayout.HEADER_SIZE;
    private static final long SUB_BUFFER_WORD = EventLayout.word(EventLayout.SUB_BUFFER, SUB_BUFFER_PAYLOAD, 0);
    private static final long WITHOUT_THREAD = 0xFFFF_FFFFL;

    private final Files files;
    private final Types types;
    private int undescribed = BuiltInType.FIRST_OF_PROGRAMS;
    private PacketFile file;
    private int cpu;
    private long firstTime;
    private long lastTime;
    private boolean isPlaced;
    private long position;
    private long lost;

    // What is added to the position and the losses of a sub-buffer.
    private long positionsBefore;
    private long lostBefore;

    private ByteBuffer begun = ByteBuffer.allocate(EventLayout.SUB_BUFFER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private volatile long written;

    // Two clocks at one moment; 0 before the first sub-buffer.
    private long monotonic;
    private long realtime;

    /// Begins a stream.
    ///
    /// @param files for its packets
    /// @param types describes those of its events
    /// @param cpu   whose events they are, unless the stream says otherwise
    public PacketStream(Files files, Types types, int cpu) {
        this.files = files;
        this.types = types;
        this.cpu = cpu;
    }

    /// Writes the events that are whole with this piece.
    ///
    /// @param piece what follows; all of it is taken
    /// @throws IOException of the file
    public void write(ByteBuffer piece) throws IOException {
        ByteBuffer bytes = piece.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        piece.position(piece.limit());
        if (begun.position() > 0) {
            complete(bytes);
        }
        take(bytes);
        keep(bytes, bytes.remaining());
    }

    private void complete(ByteBuffer bytes) throws IOException {
        while (missing() > 0 && bytes.hasRemaining()) {
            keep(bytes, Math.min(missing(), bytes.remaining()));
        }
        if (missing() == 0) {
            take(begun.flip());
            begun.clear();
        }
    }

    /// {@return bytes that the event that has begun needs, or first its header}
    private int missing() {
        int there = begun.position();
        return (there < EventLayout.HEADER_SIZE ? EventLayout.HEADER_SIZE : size(begun, 0)) - there;
    }

    private void keep(ByteBuffer bytes, int count) {
        if (begun.remaining() < count) {
            int wanted = Math.max(begun.position() + count, 2 * begun.capacity());
            begun = ByteBuffer.allocate(wanted).order(ByteOrder.LITTLE_ENDIAN).put(begun.flip());
        }
        begun.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
    }

    private static int size(ByteBuffer bytes, int at) {
        return EventLayout.HEADER_SIZE + EventLayout.length(bytes.getLong(at + EventLayout.WORD_OFFSET));
    }

    private void take(ByteBuffer bytes) throws IOException {
        int from = bytes.position();
        int at = from;
        if (file == null && bytes.remaining() >= Long.BYTES) {
            firstTime = bytes.getLong(from);
        }
        while (bytes.limit() - at >= EventLayout.HEADER_SIZE && size(bytes, at) <= bytes.limit() - at) {
            if ((bytes.getLong(at + EventLayout.WORD_OFFSET) & WITHOUT_THREAD) == SUB_BUFFER_WORD) {
                append(bytes, from, at);
                begin(bytes, at);
                from = at;
            }
            int id = (int) bytes.getLong(at + EventLayout.WORD_OFFSET) & ID_MASK;
            if (id >= undescribed) {
                undescribed = types.describe(id);
            }
            lastTime = bytes.getLong(at);
            at += size(bytes, at);
        }
        append(bytes, from, at);
        bytes.position(at);
    }

    private void append(ByteBuffer bytes, int from, int to) throws IOException {
        if (from < to) {
            if (file == null) {
                // Somebody has read the beginning of the sub-buffer.
                begin(new PacketHead(cpu, bytes.getLong(from), lastTime, 0, 0));
            }
            file.append(bytes.slice(from, to - from), lastTime);
            written += to - from;
        }
    }

    private void begin(ByteBuffer event, int at) throws IOException {
        long nextPosition = event.getLong(at + EventLayout.POSITION_OFFSET);
        long nextLost = lostIn(event, at);
        if (!isPlaced) {
            positionsBefore = file == null ? 0 : 1 - nextPosition;
            lostBefore = file == null ? 0 : -nextLost;
        } else if (nextPosition <= position) {
            positionsBefore += position + 1;
            lostBefore += lost;
            lost = 0;
        }
        isPlaced = true;
        position = nextPosition;
        // Who opens a sub-buffer looks at the counters after that, and may be slower than whoever opens the next one.
        lost = Math.max(lost, nextLost);
        cpu = event.getInt(at + EventLayout.CPU_OFFSET);
        monotonic = event.getLong(at + EventLayout.MONOTONIC_OFFSET);
        realtime = event.getLong(at + EventLayout.REALTIME_OFFSET);
        long time = event.getLong(at);
        begin(new PacketHead(cpu, time, time, positionsBefore + position, lostBefore + lost));
    }

    private void begin(PacketHead head) throws IOException {
        file = files.next();
        file.begin(head);
    }

    private static long lostIn(ByteBuffer event, int at) {
        return event.getLong(at + EventLayout.FULL_OFFSET)
                + event.getLong(at + EventLayout.TOO_BIG_OFFSET)
                + event.getLong(at + EventLayout.STRAGGLER_OFFSET)
                + event.getLong(at + EventLayout.ABANDONED_OFFSET);
    }

    /// Says how many records the buffer has lost by now: what came after the last sub-buffer began gets a packet of its
    /// own, without events.
    ///
    /// @param now how many in all, as a sub-buffer that begins now would say; less than that is ignored
    /// @throws IOException of the file
    public void endWith(long now) throws IOException {
        if (isPlaced && now > lost) {
            lost = now;
            file.begin(new PacketHead(cpu, lastTime, lastTime, positionsBefore + position, lostBefore + lost));
        }
    }

    /// {@return CLOCK_MONOTONIC when the last sub-buffer began, in nanoseconds; 0 when that is not known}
    public long monotonic() {
        return monotonic;
    }

    /// {@return CLOCK_REALTIME at that moment, in nanoseconds since 1970}
    public long realtime() {
        return realtime;
    }

    /// {@return timestamp of the first event}
    public long firstTime() {
        return firstTime;
    }

    /// {@return timestamp of the last event}
    public long lastTime() {
        return lastTime;
    }

    /// {@return the CPU of the last sub-buffer}
    public int cpu() {
        return cpu;
    }

    /// {@return bytes of events that are in the files; any thread}
    public long written() {
        return written;
    }
}
