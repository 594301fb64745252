package org.relayfs.agent.logback;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.Map;
import java.util.function.Consumer;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.logback.RelayfsAppender;

/// Adds our appender to the root logger of a context that has none of ours.
public final class LogbackHook implements Consumer<Object> {
    private static final String NAME = "relayfs-agent";

    private final LogSettings settings;

    /// Makes one, for the contexts of one Logback.
    ///
    /// @param settings of the appender
    public LogbackHook(Map<String, String> settings) {
        this.settings = LogSettings.of(settings);
    }

    @Override
    public void accept(Object context) {
        LoggerContext hooked = (LoggerContext) context;
        Logger root = hooked.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (root.getAppender(NAME) == null) {
            RelayfsAppender appender = RelayfsAppender.of(settings);
            appender.setName(NAME);
            appender.setContext(hooked);
            appender.start();
            root.addAppender(appender);
        }
    }
}
