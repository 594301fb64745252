package org.relayfs.logging;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What a throwable says of itself; one that throws when it is asked is no reason to lose a record.
final class StackText {
    private StackText() {}

    static String of(Throwable throwable) {
        StringWriter text = new StringWriter();
        try (PrintWriter lines = new PrintWriter(text)) {
            throwable.printStackTrace(lines);
        } catch (RuntimeException e) {
            text.append("(its stack cannot be printed: ")
                    .append(e.getClass().getName())
                    .append(')');
        }
        return text.toString();
    }

    static String message(Throwable throwable) {
        try {
            return throwable.getMessage();
        } catch (RuntimeException e) {
            return "(its message cannot be read: " + e.getClass().getName() + ')';
        }
    }
}
