package org.relayfs.logging.log4j;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.apache.logging.log4j.core.util.Builder;
import org.apache.logging.log4j.status.StatusLogger;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.LogWriter;

/// Takes what a `Relayfs` element of a configuration of Log4j says. Log4j sets the fields. One thread.
@SuppressWarnings("exports") // Whoever uses it requires the framework.
public final class RelayfsAppenderBuilder extends AbstractAppender.Builder<RelayfsAppenderBuilder>
        implements Builder<RelayfsAppender> {
    @PluginBuilderAttribute
    private String channel;

    @PluginBuilderAttribute
    private String path;

    @PluginBuilderAttribute
    private String subbufSize;

    // A text, as the others: Log4j would go on with 0 when it is no number.
    @PluginBuilderAttribute
    private String nSubbufs;

    @PluginBuilderAttribute
    private String mode;

    @PluginBuilderAttribute
    private String whenFull;

    RelayfsAppenderBuilder() {}

    /// Sets the name of a channel of this JVM.
    ///
    /// @param value see [LogSettings]
    /// @return this
    public RelayfsAppenderBuilder setChannel(String value) {
        channel = value;
        return this;
    }

    /// Sets the path of a channel on a mount.
    ///
    /// @param value see [LogSettings]
    /// @return this
    public RelayfsAppenderBuilder setPath(String value) {
        path = value;
        return this;
    }

    /// Sets the size of a sub-buffer.
    ///
    /// @param value bytes, or a number and K, M or G
    /// @return this
    public RelayfsAppenderBuilder setSubbufSize(String value) {
        subbufSize = value;
        return this;
    }

    /// Sets the number of sub-buffers.
    ///
    /// @param value a number
    /// @return this
    public RelayfsAppenderBuilder setNSubbufs(String value) {
        nSubbufs = value;
        return this;
    }

    /// Sets the behaviour of a full buffer.
    ///
    /// @param value `no-overwrite` or `overwrite`
    /// @return this
    public RelayfsAppenderBuilder setMode(String value) {
        mode = value;
        return this;
    }

    /// Sets what becomes of a record for which there is no room.
    ///
    /// @param value `drop` or `block(TIME)`
    /// @return this
    public RelayfsAppenderBuilder setWhenFull(String value) {
        whenFull = value;
        return this;
    }

    /// {@return the appender, or null when a setting is none or the channel cannot be opened, as Log4j expects it}
    @Override
    public RelayfsAppender build() {
        Map<String, String> values = new HashMap<>();
        values.put("channel", channel);
        values.put("path", path);
        values.put("subbufSize", subbufSize);
        values.put("nSubbufs", nSubbufs);
        values.put("mode", mode);
        values.put("whenFull", whenFull);
        try {
            LogWriter writer = LogWriter.open(LogSettings.of(values));
            return new RelayfsAppender(getName(), getFilter(), isIgnoreExceptions(), getPropertyArray(), writer);
        } catch (IOException | RuntimeException e) {
            StatusLogger.getLogger().error("appender {} is not made: {}", getName(), e.getMessage(), e);
            return null;
        }
    }
}
