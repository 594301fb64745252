package org.relayfs.logging;

import java.util.Map;
import java.util.function.BiConsumer;
import org.relayfs.EventBuilder;
import org.relayfs.event.Level;

/// A record that a logger is about to write, from [LogWriter#begin]; parts that are not given are empty. Used again and
/// again: nothing is allocated, but for a throwable's stack. For one thread.
public final class LogEntry {
    private static final int KEPT_CHARACTERS = 16_384;
    // Of UTF-8, at most.
    private static final int BYTES_PER_CHARACTER = 3;
    private static final int FIXED_BYTES = 32;
    private static final String CUT = "…";

    private final StringBuilder text = new StringBuilder(256);
    private final JsonText context = new JsonText();
    private final StringBuilder markers = new StringBuilder();
    // Made once: a method reference where it is used would be garbage of each record.
    private final BiConsumer<String, String> toContext = this::context;
    private LogWriter writer;
    private Level level;
    private CharSequence message;
    private String logger;
    private String levelName;
    private long threadNumber;
    private String threadName;
    private Throwable throwable;
    private String stack;

    LogEntry() {}

    boolean isOpen() {
        return writer != null;
    }

    LogEntry open(LogWriter to, Level ofRecord) {
        writer = to;
        level = ofRecord;
        return this;
    }

    /// Gives the message.
    ///
    /// @param value of it; read in [#write()]
    /// @return this
    public LogEntry message(CharSequence value) {
        message = value;
        return this;
    }

    /// {@return empty text of which the message is made, for frameworks that format without a String; in place of
    /// [#message]}
    public StringBuilder messageText() {
        message = text;
        return text;
    }

    /// Gives the name of the logger.
    ///
    /// @param name of it
    /// @return this
    public LogEntry logger(String name) {
        logger = name;
        return this;
    }

    /// Gives the framework's name of the level.
    ///
    /// @param name of it, `SEVERE` for one
    /// @return this
    public LogEntry level(String name) {
        levelName = name;
        return this;
    }

    /// Gives the thread that has called the logger.
    ///
    /// @param thread its number in Java
    /// @param name   its name, or null when it is not known
    /// @return this
    public LogEntry thread(long thread, String name) {
        threadNumber = thread;
        threadName = name;
        return this;
    }

    /// Adds an entry of the thread's context, the MDC.
    ///
    /// @param key   of it
    /// @param value of it, or null
    public void context(String key, String value) {
        context.add(key, value);
    }

    /// Adds entries of the thread's context, the MDC.
    ///
    /// @param pairs keys and values
    public void context(Map<String, String> pairs) {
        pairs.forEach(toContext);
    }

    /// Adds a marker.
    ///
    /// @param name of it
    public void marker(String name) {
        if (!markers.isEmpty()) {
            markers.append(',');
        }
        markers.append(name);
    }

    /// Gives a throwable.
    ///
    /// @param value the throwable, or null
    /// @return this
    public LogEntry throwable(Throwable value) {
        throwable = value;
        stack = value == null ? null : StackText.of(value);
        return this;
    }

    /// Writes the record, or lets go of it when there is no room in time.
    ///
    /// @return the length of its payload, or one of [org.relayfs.buffer.WriteResult]
    public int write() {
        try {
            return writer.write(level, this);
        } finally {
            close();
        }
    }

    /// Lets go of the record, for one that is not to be written after all.
    public void close() {
        if (writer == null) {
            return;
        }
        writer = null;
        message = null;
        logger = null;
        levelName = null;
        threadName = null;
        throwable = null;
        stack = null;
        empty(text);
        empty(markers);
        context.clear();
    }

    static void empty(StringBuilder part) {
        part.setLength(0);
        if (part.capacity() > KEPT_CHARACTERS) {
            part.trimToSize();
        }
    }

    EventBuilder put(EventBuilder event, int limit) {
        CharSequence shown = message;
        CharSequence trace = stack;
        String what = throwable == null ? null : StackText.message(throwable);
        CharSequence pairs = context.end();
        // Bytes that are left for all texts, if each character took as many as it can.
        int spare = (limit - FIXED_BYTES) / BYTES_PER_CHARACTER
                - length(shown)
                - length(logger)
                - length(levelName)
                - length(threadName)
                - length(pairs)
                - length(markers)
                - length(what)
                - length(trace)
                - (throwable == null ? 0 : throwable.getClass().getName().length());
        if (spare < 0) {
            CharSequence shorter = cut(trace, spare);
            spare += length(trace) - length(shorter);
            trace = shorter;
            shorter = cut(shown, spare);
            spare += length(shown) - length(shorter);
            shown = shorter;
            shorter = cut(what, spare);
            spare += length(what) - length(shorter);
            what = shorter == null ? null : shorter.toString();
            pairs = spare < 0 ? "" : pairs;
        }
        return event.put(shown)
                .put(logger)
                .put(levelName)
                .put(threadNumber)
                .put(threadName)
                .put(pairs)
                .put(markers)
                .put(throwable == null ? null : throwable.getClass().getName())
                .put(what)
                .put(trace);
    }

    private static int length(CharSequence part) {
        return part == null ? 0 : part.length();
    }

    // The longest text that a record can hold is better than none.
    private static CharSequence cut(CharSequence part, int spare) {
        if (spare >= 0 || part == null) {
            return part;
        }
        int kept = part.length() + spare - CUT.length();
        return kept <= 0 ? (part.isEmpty() ? part : CUT) : part.subSequence(0, kept) + CUT;
    }
}
