package org.relayfs.event.perfetto;

import java.util.HexFormat;
import org.relayfs.event.Field;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.FieldSink;
import org.relayfs.event.ctf.Payload;

/// The fields of an event as debug annotations, and those among them that say how it is shown.
final class Annotations implements FieldSink {
    /// Of the message `TrackEvent`.
    private static final int ANNOTATION = 4;

    private static final int NAME_NUMBER = 1;
    private static final int TRUTH = 2;
    private static final int UNSIGNED = 3;
    private static final int SIGNED = 4;
    private static final int DECIMAL = 5;
    private static final int TEXT = 6;

    private final InternedNames names;
    private final ProtoWriter written = new ProtoWriter(1024);
    private boolean isWhole;
    private long duration;
    private boolean isDecimal;
    private double decimal;
    private long number;

    /// @param names of fields
    Annotations(InternedNames names) {
        this.names = names;
    }

    /// Takes the fields of the event that a stream is at.
    void take(EventStream event) {
        written.clear();
        duration = -1;
        isWhole = Payload.visit(event, this);
    }

    /// Takes no fields.
    void clear() {
        written.clear();
        isWhole = true;
    }

    void add(String name, long value) {
        int entry = begin(name);
        written.number(UNSIGNED, value);
        written.end(entry);
    }

    void add(String name, String value) {
        int entry = begin(name);
        written.text(TEXT, value);
        written.end(entry);
    }

    void add(String name) {
        int entry = begin(name);
        written.number(TRUTH, 1);
        written.end(entry);
    }

    private int begin(String name) {
        int entry = written.begin(ANNOTATION);
        written.number(NAME_NUMBER, names.number(name));
        return entry;
    }

    /// {@return whether the payload was as its type says}
    boolean isWhole() {
        return isWhole;
    }

    /// {@return what a whole number of that name says, below 0 if there is none}
    long duration() {
        return duration;
    }

    /// Writes the number that was taken last as the value of a counter.
    void writeValue(ProtoWriter writer, int wholeField, int decimalField) {
        if (isDecimal) {
            writer.decimal(decimalField, decimal);
        } else {
            writer.number(wholeField, number);
        }
    }

    /// Writes all that was taken.
    void write(ProtoWriter writer) {
        writer.append(written);
    }

    @Override
    public void signed(Field field, long value) {
        int entry = begin(field.name());
        written.number(SIGNED, value);
        written.end(entry);
        number(field, value);
    }

    @Override
    public void unsigned(Field field, long value) {
        add(field.name(), value);
        if (value >= 0) {
            number(field, value);
        } else {
            // The trace's whole numbers are signed.
            decimal = (value >>> 1) * 2.0;
            isDecimal = true;
        }
    }

    private void number(Field field, long value) {
        isDecimal = false;
        number = value;
        if (field.name().equals(EventShape.DURATION)) {
            duration = value;
        }
    }

    @Override
    public void decimal(Field field, float value) {
        decimal(field, (double) value);
    }

    @Override
    public void decimal(Field field, double value) {
        int entry = begin(field.name());
        written.decimal(DECIMAL, value);
        written.end(entry);
        isDecimal = true;
        decimal = value;
    }

    @Override
    public void truth(Field field, boolean value) {
        int entry = begin(field.name());
        written.number(TRUTH, value ? 1 : 0);
        written.end(entry);
    }

    @Override
    public void choice(Field field, int value) {
        if (value < field.labels().size()) {
            add(field.name(), field.labels().get(value));
        } else {
            add(field.name(), value);
        }
    }

    @Override
    public void text(Field field, byte[] bytes, int start, int length) {
        int entry = begin(field.name());
        written.utf8(TEXT, bytes, start, length);
        written.end(entry);
    }

    @Override
    public void bytes(Field field, byte[] bytes, int start, int length) {
        add(field.name(), "0x" + HexFormat.of().formatHex(bytes, start, start + length));
    }
}
