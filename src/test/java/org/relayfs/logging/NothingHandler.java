package org.relayfs.logging;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/// Asks for what a handler needs, and does nothing with it.
public final class NothingHandler extends Handler {
    private volatile Object last;

    private final SimpleFormatter formatter = new SimpleFormatter();

    /// {@return what it was asked for last}
    Object last() {
        return last;
    }

    @Override
    public void publish(LogRecord logged) {
        last = formatter.formatMessage(logged);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
