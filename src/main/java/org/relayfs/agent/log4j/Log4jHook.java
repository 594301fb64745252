package org.relayfs.agent.log4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.log4j.RelayfsAppender;

/// Adds our appender to a configuration that a context has just taken: to the root logger, and to those
/// that hand nothing on to it.
public final class Log4jHook implements Consumer<Object> {
    private static final String NAME = "relayfs-agent";

    private final LogSettings settings;

    /// Makes one, for the contexts of one Log4j.
    ///
    /// @param settings of the appender
    public Log4jHook(Map<String, String> settings) {
        this.settings = LogSettings.of(settings);
    }

    @Override
    public void accept(Object context) {
        LoggerContext hooked = (LoggerContext) context;
        Configuration configuration = hooked.getConfiguration();
        if (configuration.getAppender(NAME) != null) {
            return;
        }
        RelayfsAppender appender = open();
        appender.start();
        configuration.addAppender(appender);
        configuration.getRootLogger().addAppender(appender, null, null);
        for (LoggerConfig logger : configuration.getLoggers().values()) {
            if (logger != configuration.getRootLogger() && !logger.isAdditive()) {
                logger.addAppender(appender, null, null);
            }
        }
        hooked.updateLoggers();
    }

    private RelayfsAppender open() {
        try {
            return RelayfsAppender.of(NAME, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
