package org.relayfs.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

/// Asks for what an appender needs, and does nothing with it.
public final class FormattingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private volatile Object last;

    /// {@return what it was asked for last}
    Object last() {
        return last;
    }

    @Override
    protected void append(ILoggingEvent event) {
        last = event.getFormattedMessage();
        last = event.getMDCPropertyMap();
        last = event.getThreadName();
    }
}
