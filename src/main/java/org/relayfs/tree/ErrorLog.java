package org.relayfs.tree;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.NameLimits;

/// The last 64 refusals, one line each: time, errno, path, the quoted text and the reason. All of it is bounded and
/// printable, whatever clients send. Thread-safe.
final class ErrorLog {
    static final int CAPACITY = 64;
    static final int MAX_TEXT_LENGTH = 128;
    static final int MAX_REASON_LENGTH = 512;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// Guarded by itself.
    private final Deque<String> lines = new ArrayDeque<>();

    void add(String path, String text, ErrnoException refusal) {
        String line = TIME.format(Instant.now()) + " " + refusal.errno() + " " + escape(path, NameLimits.MAX_LENGTH * 2)
                + " \"" + escape(text, MAX_TEXT_LENGTH) + "\" " + unquoted(refusal.getMessage());
        synchronized (lines) {
            if (lines.size() == CAPACITY) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
    }

    void clear() {
        synchronized (lines) {
            lines.clear();
        }
    }

    byte[] content() {
        StringBuilder text = new StringBuilder();
        synchronized (lines) {
            lines.forEach(line -> text.append(line).append('\n'));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// Performs an action and logs its refusal, with the text that was written.
    ControlAction watching(String path, ControlAction action) {
        return (source, caller) -> {
            ByteBuffer text = source.duplicate();
            try {
                action.write(source, caller);
            } catch (ErrnoException refusal) {
                add(path, decode(text), refusal);
                throw refusal;
            }
        };
    }

    private static String decode(ByteBuffer source) {
        ByteBuffer start = source.slice(source.position(), Math.min(source.remaining(), MAX_TEXT_LENGTH + 1));
        return StandardCharsets.ISO_8859_1.decode(start).toString();
    }

    private static String unquoted(String reason) {
        return escape(reason, MAX_REASON_LENGTH).replace("\\\"", "\"");
    }

    private static String escape(String text, int limit) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), limit); i++) {
            appendEscaped(escaped, text.charAt(i));
        }
        return text.length() > limit ? escaped.append("...").toString() : escaped.toString();
    }

    private static void appendEscaped(StringBuilder escaped, char c) {
        switch (c) {
            case '\n' -> escaped.append("\\n");
            case '\r' -> escaped.append("\\r");
            case '\t' -> escaped.append("\\t");
            case '"', '\\' -> escaped.append('\\').append(c);
            default -> {
                if (c >= ' ' && c < 0x7f) {
                    escaped.append(c);
                } else {
                    escaped.append(c > 0xff ? String.format("\\u%04x", (int) c) : String.format("\\x%02x", (int) c));
                }
            }
        }
    }
}
