package org.relayfs.agent.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.Map;
import java.util.function.Consumer;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.logback.RelayfsAppender;

/// Adds our appender to the root logger of a context, and again whenever that is configured anew.
public final class LogbackHook implements Consumer<Object>, LoggerContextListener {
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
        hooked.addListener(this);
        add(hooked);
    }

    private void add(LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (root.getAppender(NAME) == null) {
            RelayfsAppender appender = RelayfsAppender.of(settings);
            appender.setName(NAME);
            appender.setContext(context);
            appender.start();
            root.addAppender(appender);
        }
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onReset(LoggerContext context) {
        add(context);
    }

    @Override
    public void onStart(LoggerContext context) {
        add(context);
    }

    @Override
    public void onStop(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
}
