package org.relayfs.event.ctf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.relayfs.event.Field;

/// What a stream or several hold, a line each, for comparisons.
final class EventLines implements FieldSink {
    private final StringBuilder line = new StringBuilder();

    static List<String> of(EventStream stream) throws Exception {
        List<String> lines = new ArrayList<>();
        EventStream.Step step = stream.next();
        while (step != EventStream.Step.END) {
            if (step != EventStream.Step.NOTHING) {
                lines.add(of(step, stream));
            }
            step = stream.next();
        }
        return lines;
    }

    static String of(EventStream.Step step, EventStream stream) {
        return switch (step) {
            case EVENT -> {
                EventLines sink = new EventLines();
                sink.line.append(stream.timestamp()).append(' ').append(stream.cpu());
                sink.line.append(' ').append(stream.thread()).append(' ');
                sink.line.append(
                        stream.type() == null ? stream.id() : stream.type().name());
                yield (Payload.visit(stream, sink) ? "" : "! ") + sink.line;
            }
            case LOSS -> stream.loss().cause() + " " + stream.loss().count();
            case DAMAGE -> stream.damage();
            default -> step.toString();
        };
    }

    private void add(Field field, Object value) {
        line.append(' ').append(field.name()).append('=').append(value);
    }

    @Override
    public void signed(Field field, long value) {
        add(field, value);
    }

    @Override
    public void unsigned(Field field, long value) {
        add(field, Long.toUnsignedString(value));
    }

    @Override
    public void decimal(Field field, float value) {
        add(field, value);
    }

    @Override
    public void decimal(Field field, double value) {
        add(field, value);
    }

    @Override
    public void truth(Field field, boolean value) {
        add(field, value);
    }

    @Override
    public void choice(Field field, int value) {
        add(field, value < field.labels().size() ? field.labels().get(value) : "?" + value);
    }

    @Override
    public void text(Field field, byte[] bytes, int start, int length) {
        add(field, new String(bytes, start, length, StandardCharsets.UTF_8));
    }

    @Override
    public void bytes(Field field, byte[] bytes, int start, int length) {
        add(field, HexFormat.of().formatHex(bytes, start, start + length));
    }
}
