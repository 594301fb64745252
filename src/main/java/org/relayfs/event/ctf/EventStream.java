package org.relayfs.event.ctf;

import java.io.IOException;
import org.relayfs.event.EventType;

/// The events of one stream, one after the other, with what is missing between them. The bytes are untrusted: each
/// length is checked, and what cannot be events is left out as far as the next sub-buffer that can be recognised.
/// Nothing is allocated for an event. One thread.
///
/// What a step has found stands until the next step.
public final class EventStream {
    /// What the next thing in a stream is.
    public enum Step {
        /// An event.
        EVENT,
        /// Something is missing here.
        LOSS,
        /// Bytes that are no events.
        DAMAGE,
        /// There is nothing more now.
        NOTHING,
        /// There will be nothing more.
        END
    }

    static final int HEADER_SIZE = 16;
    private static final int ID_BITS = 12;
    private static final int ID_MASK = (1 << ID_BITS) - 1;
    private static final int LENGTH_OFFSET = 8;
    private static final int THREAD_OFFSET = 12;
    private static final int SUB_BUFFER_WORD = TypeTable.SUB_BUFFER | LossLedger.SIZE << ID_BITS;
    private static final int MAX_CPU = 1 << 20;

    private final ByteWindow window;
    private final TypeTable types;
    private final PacketEdge packets;
    private final LossLedger ledger = new LossLedger();

    private int cpu;
    private boolean isCpuKnown;
    private long timestamp;
    private int word;
    private int length;
    private long thread;
    private int payload;

    private Loss loss;
    private String damage;
    private long damageOffset;
    private boolean isSearching;
    private boolean hasEnded;
    private boolean isTold;

    /// Begins a stream.
    ///
    /// @param source of its bytes
    /// @param types  of its trace
    /// @param cpu    whose events they are, unless the stream says otherwise
    public EventStream(ByteSource source, TypeTable types, int cpu) {
        this.window = new ByteWindow(source);
        this.types = types;
        this.cpu = cpu;
        this.packets = types.metadata().form() == CtfForm.PACKETS ? new PacketEdge(window) : null;
    }

    /// Goes on to the next event, or to what is in its place.
    ///
    /// @return what it is
    /// @throws IOException the bytes cannot be read
    public Step next() throws IOException {
        loss = ledger.poll();
        if (loss != null) {
            return Step.LOSS;
        }
        if (hasPending()) {
            isTold = true;
            return Step.EVENT;
        }
        return isSearching ? search() : take();
    }

    /// Whether the first event of a sub-buffer was put behind the losses that it tells of.
    private boolean hasPending() {
        return word == SUB_BUFFER_WORD && !isTold;
    }

    private Step take() throws IOException {
        isTold = true;
        if (packets != null && packets.isAtEdge()) {
            PacketEdge.Found found = packets.cross();
            switch (found) {
                case PACKET -> {
                    cpu = packets.cpu();
                    isCpuKnown = true;
                }
                case NOTHING -> {
                    return window.isAtEnd() ? end() : Step.NOTHING;
                }
                case DAMAGE -> {
                    return lost(packets.damage());
                }
            }
        }
        if (!window.has(HEADER_SIZE)) {
            return incomplete();
        }
        word = window.intAt(LENGTH_OFFSET);
        length = word >>> ID_BITS;
        int size = HEADER_SIZE + length;
        if (packets != null && size > packets.left()) {
            return lost("an event of " + size + " bytes, limit=" + packets.left());
        }
        if (!types.fits(id(), length)) {
            return lost("an event of type " + id() + " with " + length + " bytes");
        }
        if (!window.has(size)) {
            return incomplete();
        }
        return event(size);
    }

    private Step event(int size) {
        timestamp = window.longAt(0);
        thread = Integer.toUnsignedLong(window.intAt(THREAD_OFFSET));
        payload = window.start() + HEADER_SIZE;
        window.skip(size);
        if (packets != null) {
            packets.take(size);
        }
        if (word == SUB_BUFFER_WORD) {
            cpu = (int) ByteWindow.INT.get(window.bytes(), payload + LossLedger.CPU);
            isCpuKnown = true;
            ledger.take(window.bytes(), payload);
            loss = ledger.poll();
            isTold = loss == null;
            return isTold ? Step.EVENT : Step.LOSS;
        }
        return Step.EVENT;
    }

    /// The window has fewer bytes than an event needs.
    private Step incomplete() throws IOException {
        if (!window.isAtEnd()) {
            word = 0;
            return Step.NOTHING;
        }
        return window.size() == 0 && (packets == null || packets.isAtEdge())
                ? end()
                : lost("the end of the stream is within an event");
    }

    private Step end() {
        word = 0;
        if (!hasEnded && packets != null) {
            ledger.takeDiscarded(packets.discarded());
        }
        hasEnded = true;
        loss = ledger.poll();
        return loss == null ? Step.END : Step.LOSS;
    }

    /// From here on the bytes are not understood, as far as a place that is.
    private Step lost(String why) throws IOException {
        damage = why;
        damageOffset = window.offset();
        isSearching = true;
        word = 0;
        if (packets != null) {
            packets.giveUp();
        }
        window.skip(Math.min(1, window.size()));
        return search();
    }

    private Step search() throws IOException {
        boolean isFound = packets == null ? searchSubBuffer() : packets.search();
        if (!isFound && !window.isAtEnd()) {
            return Step.NOTHING;
        }
        if (!isFound) {
            window.skip(window.size());
        }
        isSearching = false;
        damage = "offset=" + damageOffset + ", bytes=" + (window.offset() - damageOffset) + ": " + damage;
        return Step.DAMAGE;
    }

    private boolean searchSubBuffer() throws IOException {
        int size = HEADER_SIZE + LossLedger.SIZE;
        while (window.has(size)) {
            if (window.intAt(LENGTH_OFFSET) == SUB_BUFFER_WORD && couldBeSubBuffer()) {
                return true;
            }
            window.skip(1);
        }
        return false;
    }

    private boolean couldBeSubBuffer() {
        int start = window.start() + HEADER_SIZE;
        int number = (int) ByteWindow.INT.get(window.bytes(), start + LossLedger.CPU);
        return (isCpuKnown ? number == cpu : number >= 0 && number < MAX_CPU)
                && ledger.couldFollow(window.bytes(), start);
    }

    /// {@return when it was, by the trace's clock; of what is no event, the time of the event before}
    public long timestamp() {
        return timestamp;
    }

    /// {@return the number of its type}
    public int id() {
        return word & ID_MASK;
    }

    /// {@return its type, or null if nobody has said what it is}
    public EventType type() {
        return types.type(id());
    }

    /// {@return the thread that has written it: 32 bits, unsigned}
    public long thread() {
        return thread;
    }

    /// {@return the CPU whose buffer it was in}
    public int cpu() {
        return cpu;
    }

    /// {@return the position of the sub-buffer it was in, 0 if that is not known}
    public long position() {
        return ledger.position();
    }

    /// {@return bytes, of which its payload is a part}
    public byte[] bytes() {
        return window.bytes();
    }

    /// {@return where in [#bytes()] its payload begins}
    public int payload() {
        return payload;
    }

    /// {@return how many bytes its payload has}
    public int length() {
        return length;
    }

    /// {@return what is missing}
    public Loss loss() {
        return loss;
    }

    /// {@return which bytes are no events, and why}
    public String damage() {
        return damage;
    }

    /// {@return the types of its trace}
    public TypeTable types() {
        return types;
    }
}
