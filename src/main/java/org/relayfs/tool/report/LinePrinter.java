package org.relayfs.tool.report;

import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.relayfs.event.EventType;
import org.relayfs.event.Field;
import org.relayfs.event.Level;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.FieldSink;
import org.relayfs.event.ctf.Payload;
import org.relayfs.tool.cli.Terminal;

/// Events as lines for people. What could steer a terminal is shown, not sent.
final class LinePrinter implements EventPrinter, FieldSink {
    private static final String NO_LEVEL = "-    ";
    private static final int WIDTH = 5;
    private static final int TEXT = 1;

    private final TimeOfDay times;
    private final boolean isRelative;
    private final boolean isColoured;
    private final Map<Level, String> levels = new EnumMap<>(Level.class);
    private StringBuilder text;
    private boolean isMessage;
    private boolean hasFirst;
    private long first;

    /// @param times      how times of day are shown
    /// @param isRelative whether the time since the first line is shown instead
    /// @param isColoured whether it is for a terminal
    LinePrinter(TimeOfDay times, boolean isRelative, boolean isColoured) {
        this.times = times;
        this.isRelative = isRelative;
        this.isColoured = isColoured;
        for (Level level : Level.values()) {
            String word = level.name() + " ".repeat(WIDTH - level.name().length());
            levels.put(
                    level,
                    switch (level) {
                        case ERROR -> Terminal.red(word, isColoured);
                        case WARN -> Terminal.yellow(word, isColoured);
                        case INFO -> Terminal.green(word, isColoured);
                        case DEBUG, TRACE -> word;
                    });
        }
    }

    @Override
    public void event(ReportedTrace trace, EventStream event, long time, boolean isLate, StringBuilder target) {
        text = target;
        begin(time, event.cpu());
        text.append(event.thread());
        String thread = trace.thread(event.thread());
        if (thread != null) {
            text.append('/');
            Utf8.append(thread, LinePrinter::escape, text);
        }
        EventType type = event.type();
        text.append(' ')
                .append(type == null ? NO_LEVEL : levels.get(type.level()))
                .append(' ');
        text.append(Terminal.bold(ReportedTrace.name(event.id(), type), isColoured));
        isMessage = event.id() == TEXT;
        if (!Payload.visit(event, this)) {
            text.append(Terminal.red(" (the rest is not as its type says)", isColoured));
        }
        text.append(isLate ? " (late)\n" : "\n");
    }

    private void begin(long time, int cpu) {
        if (!isRelative) {
            times.append(time, text);
        } else {
            first = hasFirst ? first : time;
            hasFirst = true;
            TimeOfDay.appendSpan(time - first, text);
        }
        text.append(" [").append(cpu).append("] ");
    }

    @Override
    public void loss(ReportedTrace trace, EventStream event, long time, StringBuilder target) {
        note(
                event,
                time,
                "lost: " + event.loss().count() + " " + event.loss().cause().text(),
                target);
    }

    @Override
    public void damage(ReportedTrace trace, EventStream event, long time, StringBuilder target) {
        note(event, time, "damaged: " + event.damage(), target);
    }

    private void note(EventStream event, long time, String what, StringBuilder target) {
        text = target;
        begin(time, event.cpu());
        text.append(Terminal.red(what, isColoured)).append('\n');
    }

    /// Control characters, those of eight bits, too, and what changes the direction of a line.
    private static boolean escape(char c, StringBuilder text) {
        if (c == '\n') {
            text.append("\\n");
        } else if (c == '\t') {
            text.append("\\t");
        } else if (Character.isISOControl(c)) {
            text.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
        } else if (Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029') {
            text.append("\\u").append(HexFormat.of().toHexDigits(c));
        } else {
            return false;
        }
        return true;
    }

    private static boolean escapeQuoted(char c, StringBuilder text) {
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
            return true;
        }
        return escape(c, text);
    }

    private StringBuilder name(Field field) {
        return text.append(' ').append(field.name()).append('=');
    }

    @Override
    public void signed(Field field, long value) {
        name(field).append(value);
    }

    @Override
    public void unsigned(Field field, long value) {
        name(field).append(value < 0 ? Long.toUnsignedString(value) : Long.toString(value));
    }

    @Override
    public void decimal(Field field, float value) {
        name(field).append(value);
    }

    @Override
    public void decimal(Field field, double value) {
        name(field).append(value);
    }

    @Override
    public void truth(Field field, boolean value) {
        name(field).append(value);
    }

    @Override
    public void choice(Field field, int value) {
        if (value < field.labels().size()) {
            name(field).append(field.labels().get(value));
        } else {
            name(field).append(value);
        }
    }

    @Override
    public void text(Field field, byte[] bytes, int start, int length) {
        if (isMessage) {
            text.append(": ");
            Utf8.append(bytes, start, length, LinePrinter::escape, text);
        } else {
            name(field).append('"');
            Utf8.append(bytes, start, length, LinePrinter::escapeQuoted, text);
            text.append('"');
        }
    }

    @Override
    public void bytes(Field field, byte[] bytes, int start, int length) {
        name(field).append("0x");
        for (int i = start; i < start + length; i++) {
            text.append(Character.forDigit(bytes[i] >> 4 & 15, 16)).append(Character.forDigit(bytes[i] & 15, 16));
        }
    }
}
