package org.relayfs.agent.logging;

import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import jdk.jfr.Configuration;
import org.relayfs.agent.Target;
import org.relayfs.event.Level;
import org.relayfs.jfr.JfrStream;
import org.relayfs.logging.LogEntry;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.LogWriter;
import org.relayfs.logging.jul.RelayfsHandler;
import org.slf4j.LoggerFactory;

/// Writes into the channel what the agent hands over.
public final class Recorder implements Target {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Recorder.class);

    private final LogSettings settings;
    private final LogWriter writer;
    // Held, because java.util.logging lets go of loggers. Guarded by this; null until it is hooked.
    private Logger root;
    // Guarded by this.
    private Handler handler;

    private Recorder(LogSettings settings, LogWriter writer) {
        this.settings = settings;
        this.writer = writer;
    }

    /// Opens the channel.
    ///
    /// @param values settings of a logger
    /// @param others names of settings that are the agent's own, for messages
    /// @return what writes into it
    /// @throws IOException it cannot be opened or made
    /// @throws IllegalArgumentException a setting is none; the message names value, limit and remedy
    public static Recorder open(Map<String, String> values, List<String> others) throws IOException {
        for (String name : values.keySet()) {
            if (!LogSettings.NAMES.contains(name)) {
                List<String> all = new ArrayList<>(LogSettings.NAMES);
                all.addAll(others);
                throw new IllegalArgumentException("agent: name=\"" + name + "\", limit=" + String.join(" ", all));
            }
        }
        LogSettings settings = LogSettings.of(new HashMap<>(values));
        return new Recorder(settings, LogWriter.open(settings));
    }

    @Override
    public void exception(Thread thread, Throwable failure) {
        LogEntry entry = writer.begin(Level.ERROR);
        if (entry != null) {
            entry.message("uncaught exception")
                    .logger(Thread.class.getName())
                    .level(Level.ERROR.name())
                    .thread(thread.threadId(), thread.getName())
                    .throwable(failure)
                    .write();
        }
    }

    @Override
    public void line(String stream, String text) {
        LogEntry entry = writer.begin(Level.INFO);
        if (entry != null) {
            Thread thread = Thread.currentThread();
            entry.message(text)
                    .logger(stream)
                    .level(Level.INFO.name())
                    .thread(thread.threadId(), thread.getName())
                    .write();
        }
    }

    @Override
    public synchronized void hookJul() {
        root = Logger.getLogger("");
        addHandler();
        // A configuration that is read anew drops all handlers; one that is updated keeps them.
        LogManager.getLogManager().addConfigurationListener(this::addHandler);
    }

    private synchronized void addHandler() {
        if (root == null) {
            return;
        }
        root.removeHandler(handler); // a null is none
        try {
            handler = new RelayfsHandler(settings);
            root.addHandler(handler);
        } catch (IOException e) {
            LOG.warn("java.util.logging is not hooked: {}", e.getMessage());
        }
    }

    @Override
    public synchronized void leaveJul() {
        if (root != null) {
            root.removeHandler(handler);
            root = null;
        }
    }

    @Override
    public Runnable recordJfr(String configuration) throws IOException, ParseException {
        Configuration found = Configuration.getConfigurations().stream()
                .filter(known -> known.getName().equals(configuration))
                .findFirst()
                .orElse(null);
        if (found == null) {
            found = Configuration.create(Path.of(configuration));
        }
        return JfrStream.record(writer.events(), found.getSettings(), settings.block())::close;
    }
}
