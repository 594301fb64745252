package org.relayfs.tool.report;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.relayfs.event.EventType;
import org.relayfs.event.Field;
import org.relayfs.event.Level;
import org.relayfs.event.ctf.CtfEnvironment;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.FieldSink;
import org.relayfs.event.ctf.Payload;

/// Events as JSON, an object in each line, with the names of OpenTelemetry's log data model. Times are texts, as there:
/// readers that take numbers for doubles would round them.
final class JsonPrinter implements EventPrinter, FieldSink {
    private static final int TEXT = 1;

    private StringBuilder text;
    private boolean isMessage;

    @Override
    public void event(ReportedTrace trace, EventStream event, long time, boolean isLate, StringBuilder target) {
        EventType type = event.type();
        begin(time, type == null ? Level.INFO : type.level(), ReportedTrace.name(event.id(), type), target);
        isMessage = event.id() == TEXT;
        if (isMessage) {
            text.append(",\"Body\":\"");
            Utf8.append(event.bytes(), event.payload(), event.length(), JsonPrinter::escape, text);
            text.append('"');
        }
        attributes(event);
        text.append(",\"thread.id\":").append(event.thread());
        String thread = trace.thread(event.thread());
        if (thread != null) {
            quoted("thread.name", thread);
        }
        boolean isWhole = Payload.visit(event, this);
        text.append(isWhole ? "" : ",\"relayfs.malformed\":true").append(isLate ? ",\"relayfs.late\":true" : "");
        end(trace);
    }

    @Override
    public void loss(ReportedTrace trace, EventStream event, long time, StringBuilder target) {
        begin(time, Level.WARN, "relayfs.loss", target);
        text.append(",\"Body\":\"").append(event.loss().count()).append(' ');
        text.append(event.loss().cause().text()).append('"');
        attributes(event);
        text.append(",\"relayfs.loss.cause\":\"").append(event.loss().cause());
        text.append("\",\"relayfs.loss.count\":").append(event.loss().count());
        end(trace);
    }

    @Override
    public void damage(ReportedTrace trace, EventStream event, long time, StringBuilder target) {
        begin(time, Level.ERROR, "relayfs.damage", target);
        quoted("Body", event.damage());
        attributes(event);
        end(trace);
    }

    private void begin(long time, Level level, String name, StringBuilder target) {
        text = target;
        text.append("{\"Timestamp\":\"").append(time);
        text.append("\",\"SeverityText\":\"").append(level);
        text.append("\",\"SeverityNumber\":").append(severity(level));
        text.append(",\"EventName\":\"").append(name).append('"');
    }

    private static int severity(Level level) {
        return switch (level) {
            case TRACE -> 1;
            case DEBUG -> 5;
            case INFO -> 9;
            case WARN -> 13;
            case ERROR -> 17;
        };
    }

    private void attributes(EventStream event) {
        text.append(",\"Attributes\":{\"cpu.logical_number\":").append(event.cpu());
    }

    private void end(ReportedTrace trace) {
        CtfEnvironment environment = trace.metadata().environment();
        text.append("},\"Resource\":{\"host.name\":\"");
        Utf8.append(environment.hostname(), JsonPrinter::escape, text);
        text.append('"');
        quoted("relayfs.channel", environment.channel());
        text.append("}}\n");
    }

    private void quoted(String name, String value) {
        text.append(",\"").append(name).append("\":\"");
        Utf8.append(value, JsonPrinter::escape, text);
        text.append('"');
    }

    private static boolean escape(char c, StringBuilder text) {
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (c < ' ' || c == 0x7F || Character.isSurrogate(c)) {
            text.append("\\u").append(HexFormat.of().toHexDigits(c));
        } else {
            return false;
        }
        return true;
    }

    private StringBuilder name(Field field) {
        return text.append(",\"").append(field.name()).append("\":");
    }

    @Override
    public void signed(Field field, long value) {
        name(field).append(value);
    }

    @Override
    public void unsigned(Field field, long value) {
        name(field).append(value < 0 ? Long.toUnsignedString(value) : Long.toString(value));
    }

    /// JSON has no word for what is no number.
    @Override
    public void decimal(Field field, float value) {
        name(field).append(Float.isFinite(value) ? Float.toString(value) : "\"" + value + "\"");
    }

    @Override
    public void decimal(Field field, double value) {
        name(field).append(Double.isFinite(value) ? Double.toString(value) : "\"" + value + "\"");
    }

    @Override
    public void truth(Field field, boolean value) {
        name(field).append(value);
    }

    @Override
    public void choice(Field field, int value) {
        if (value < field.labels().size()) {
            name(field).append('"').append(field.labels().get(value)).append('"');
        } else {
            name(field).append(value);
        }
    }

    @Override
    public void text(Field field, byte[] bytes, int start, int length) {
        if (!isMessage) {
            name(field).append('"');
            Utf8.append(bytes, start, length, JsonPrinter::escape, text);
            text.append('"');
        }
    }

    @Override
    public void bytes(Field field, byte[] bytes, int start, int length) {
        ByteBuffer coded = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, start, length));
        name(field).append('"').append(StandardCharsets.US_ASCII.decode(coded)).append('"');
    }
}
