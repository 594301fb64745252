package org.relayfs.event.perfetto;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The packets of a trace, all of one sequence, whose names are written once. Their times are CLOCK_MONOTONIC.
final class PacketWriter {
    private static final int FULL = 1 << 16;

    private static final int PACKET = 1;
    private static final int CLOCKS = 6;
    private static final int TIMESTAMP = 8;
    private static final int SEQUENCE = 10;
    private static final int EVENT = 11;
    private static final int NAMES = 12;
    private static final int FLAGS = 13;
    private static final int DEFAULT_CLOCK = 58;
    private static final int DEFAULTS = 59;
    private static final int TRACK = 60;

    private static final int CLEARED = 1;
    private static final int NEEDS_STATE = 2;

    private static final int CLOCK = 1;
    private static final int PRIMARY_CLOCK = 2;
    private static final int CLOCK_NUMBER = 1;
    private static final int CLOCK_VALUE = 2;
    private static final int REALTIME = 1;
    private static final int MONOTONIC = 3;

    private static final int CATEGORIES = 1;
    private static final int EVENT_NAMES = 2;
    private static final int FIELD_NAMES = 3;

    private final TraceOutput output;
    private final ProtoWriter writer = new ProtoWriter(2 * FULL);
    private final InternedNames categories = new InternedNames(CATEGORIES);
    private final InternedNames events = new InternedNames(EVENT_NAMES);
    private final InternedNames fields = new InternedNames(FIELD_NAMES);
    private boolean hasBegun;
    private int packet;
    private int message;

    PacketWriter(TraceOutput output) {
        this.output = output;
    }

    InternedNames categories() {
        return categories;
    }

    InternedNames events() {
        return events;
    }

    InternedNames fields() {
        return fields;
    }

    /// Writes two clocks at one moment. The first packet of all has to be one of these.
    void clocks(long monotonic, long realtime) throws IOException {
        begin(CLOCKS);
        clock(MONOTONIC, monotonic);
        clock(REALTIME, realtime);
        writer.number(PRIMARY_CLOCK, MONOTONIC);
        writer.end(message);
        if (!hasBegun) {
            hasBegun = true;
            writer.number(FLAGS, CLEARED);
            int defaults = writer.begin(DEFAULTS);
            writer.number(DEFAULT_CLOCK, MONOTONIC);
            writer.end(defaults);
        }
        end();
    }

    private void clock(int number, long value) {
        int clock = writer.begin(CLOCK);
        writer.number(CLOCK_NUMBER, number);
        writer.number(CLOCK_VALUE, value);
        writer.end(clock);
    }

    private void begin(int kind) {
        packet = writer.begin(PACKET);
        writer.number(SEQUENCE, 1);
        message = writer.begin(kind);
    }

    private void end() throws IOException {
        writer.end(packet);
        if (writer.size() > FULL) {
            flush();
        }
    }

    /// Begins the description of a track.
    ///
    /// @return for its fields
    ProtoWriter beginTrack() {
        begin(TRACK);
        return writer;
    }

    void endTrack() throws IOException {
        writer.end(message);
        end();
    }

    /// Begins an event.
    ///
    /// @param time CLOCK_MONOTONIC
    /// @return for its fields
    ProtoWriter beginEvent(long time) {
        packet = writer.begin(PACKET);
        writer.number(SEQUENCE, 1);
        writer.number(FLAGS, NEEDS_STATE);
        writer.number(TIMESTAMP, time);
        message = writer.begin(EVENT);
        return writer;
    }

    void endEvent() throws IOException {
        writer.end(message);
        if (categories.hasNew() || events.hasNew() || fields.hasNew()) {
            int names = writer.begin(NAMES);
            categories.write(writer);
            events.write(writer);
            fields.write(writer);
            writer.end(names);
        }
        end();
    }

    /// Hands on all that was written.
    void flush() throws IOException {
        if (writer.size() > 0) {
            output.write(ByteBuffer.wrap(writer.bytes(), 0, writer.size()));
            writer.clear();
        }
    }
}
