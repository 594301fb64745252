package org.relayfs.event.perfetto;

import java.io.IOException;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.Loss;

/// A trace for Perfetto, written as the events come. A group of tracks for each trace that they come from, in it a
/// track for each thread, CPU and counter. Takes a bounded amount of memory: what it knows of 65,536 threads.
/// One thread.
public final class PerfettoTrace {
    private static final int TYPE = 9;
    private static final int NAME_NUMBER = 10;
    private static final int TRACK = 11;
    private static final int CATEGORY = 3;
    private static final int NAME = 23;
    private static final int COUNTER_VALUE = 30;
    private static final int DECIMAL_COUNTER_VALUE = 44;

    private static final int SLICE_BEGIN = 1;
    private static final int SLICE_END = 2;
    private static final int INSTANT = 3;
    private static final int COUNTER = 4;

    private final PacketWriter packets;
    private final Tracks tracks;
    private final Annotations fields;
    private final ClockPairs clocks;

    /// Begins a trace.
    ///
    /// @param output for its bytes
    public PerfettoTrace(TraceOutput output) {
        this.packets = new PacketWriter(output);
        this.tracks = new Tracks(packets);
        this.fields = new Annotations(packets.fields());
        this.clocks = new ClockPairs(packets);
    }

    /// Takes the event that a stream is at.
    ///
    /// @param stream see above
    /// @param time   of the event, in nanoseconds since 1970
    /// @param isLate whether younger ones were taken before; then it neither begins nor ends a slice
    /// @throws IOException it cannot be written
    public void event(EventStream stream, long time, boolean isLate) throws IOException {
        clocks.take(stream, time, BuiltInType.SUB_BUFFER.type().equals(stream.type()));
        TrackGroup group = tracks.group(stream);
        EventShape shape = group.shape(stream.id());
        if (shape.kind() == EventShape.Kind.HIDDEN) {
            return;
        }
        if (shape.kind() == EventShape.Kind.MESSAGE) {
            fields.clear();
        } else {
            fields.take(stream);
        }
        long at = clocks.monotonic(time);
        if (shape.kind() == EventShape.Kind.COUNTER && fields.isWhole()) {
            counter(tracks.counter(group, stream.id(), shape.name()), at);
            return;
        }
        ThreadTrack thread = tracks.thread(group, stream.thread());
        addToFields(stream, isLate);
        boolean isSlice = fields.isWhole()
                && switch (shape.kind()) {
                    case BEGIN -> !isLate && begin(thread, shape, at);
                    case END -> !isLate && end(thread, shape, at);
                    case SPAN -> span(thread, shape, at);
                    default -> false;
                };
        if (!isSlice) {
            instant(thread.uuid(), shape, stream, at);
        }
    }

    private void addToFields(EventStream stream, boolean isLate) {
        fields.add("cpu.logical_number", Integer.toUnsignedLong(stream.cpu()));
        if (isLate) {
            fields.add("relayfs.late");
        }
        if (!fields.isWhole()) {
            fields.add("relayfs.malformed");
        }
    }

    private void counter(long track, long at) throws IOException {
        ProtoWriter writer = begin(COUNTER, track, at);
        fields.writeValue(writer, COUNTER_VALUE, DECIMAL_COUNTER_VALUE);
        packets.endEvent();
    }

    private boolean begin(ThreadTrack thread, EventShape shape, long at) throws IOException {
        if (!thread.open(shape.name())) {
            return false;
        }
        named(SLICE_BEGIN, thread.uuid(), shape.category(), shape.name(), at);
        return true;
    }

    private boolean end(ThreadTrack thread, EventShape shape, long at) throws IOException {
        int count = thread.close(shape.name());
        for (int i = 1; i < count; i++) {
            begin(SLICE_END, thread.uuid(), at);
            packets.endEvent();
        }
        if (count > 0) {
            fields.write(begin(SLICE_END, thread.uuid(), at));
            packets.endEvent();
        }
        return count > 0;
    }

    private boolean span(ThreadTrack thread, EventShape shape, long at) throws IOException {
        long start = at - fields.duration();
        if (fields.duration() < 0 || start < 0) {
            return false;
        }
        ThreadTrack.Lane lane = tracks.lane(thread, shape.name(), start, at);
        if (lane == null) {
            return false;
        }
        named(SLICE_BEGIN, lane.uuid, shape.category(), shape.name(), start);
        begin(SLICE_END, lane.uuid, at);
        packets.endEvent();
        return true;
    }

    private void instant(long track, EventShape shape, EventStream stream, long at) throws IOException {
        if (shape.kind() == EventShape.Kind.MESSAGE) {
            ProtoWriter writer = begin(INSTANT, track, at);
            writer.number(CATEGORY, packets.categories().number(shape.category()));
            writer.utf8(NAME, stream.bytes(), stream.payload(), stream.length());
            fields.write(writer);
            packets.endEvent();
        } else {
            String name = shape.type() == null ? shape.name() : shape.type().name();
            named(INSTANT, track, shape.category(), name, at);
        }
    }

    private void named(int type, long track, String category, String name, long at) throws IOException {
        ProtoWriter writer = begin(type, track, at);
        writer.number(CATEGORY, packets.categories().number(category));
        writer.number(NAME_NUMBER, packets.events().number(name));
        fields.write(writer);
        packets.endEvent();
    }

    private ProtoWriter begin(int type, long track, long at) {
        ProtoWriter writer = packets.beginEvent(at);
        writer.number(TYPE, type);
        writer.number(TRACK, track);
        return writer;
    }

    /// Takes the loss that a stream is at: a moment in the track of its CPU.
    ///
    /// @param stream see above
    /// @param time   in nanoseconds since 1970
    /// @throws IOException it cannot be written
    public void loss(EventStream stream, long time) throws IOException {
        Loss loss = stream.loss();
        fields.clear();
        fields.add("cause", loss.cause().name());
        fields.add("count", loss.count());
        note(stream, time, "loss", loss.cause().text());
    }

    /// Takes the damage that a stream is at: a moment in the track of its CPU.
    ///
    /// @param stream see above
    /// @param time   in nanoseconds since 1970
    /// @throws IOException it cannot be written
    public void damage(EventStream stream, long time) throws IOException {
        fields.clear();
        fields.add("what", stream.damage());
        note(stream, time, "damage", "bytes that are no events");
    }

    private void note(EventStream stream, long time, String category, String name) throws IOException {
        clocks.take(stream, time, false);
        long track = tracks.cpu(tracks.group(stream), stream.cpu());
        named(INSTANT, track, category, name, clocks.monotonic(time));
    }

    /// Hands on all that was taken.
    ///
    /// @throws IOException it cannot be written
    public void flush() throws IOException {
        packets.flush();
    }
}
