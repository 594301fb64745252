package org.relayfs.logging;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;

/// The channels into which this JVM logs. They stay when a framework stops an appender or is configured again, so
/// whoever logs meanwhile never finds one closed. Any thread.
public final class LogChannels {
    // Guarded by the class.
    private static final Map<String, LogChannel> OPEN = new HashMap<>();
    private static Relay relay;
    private static Thread watch;

    private LogChannels() {}

    /// Finds the relay that owns the channels that loggers name by `channel=NAME`, for a program that mounts it or
    /// reads them. It is made when it is first asked for, and closed, with all its channels, when the JVM ends by
    /// itself; a killed one leaves them to `relayfs recover`.
    ///
    /// @return the relay; not to be closed
    /// @throws IOException its folder cannot be created
    public static synchronized Relay relay() throws IOException {
        if (relay == null) {
            Relay made = Relay.create();
            Runtime.getRuntime().addShutdownHook(new Thread(made::close, "relayfs-logging-end"));
            relay = made;
        }
        return relay;
    }

    /// {@return the channel that the settings name; appenders with the same place share it}
    ///
    /// @throws IOException it is not there and cannot be made, or it holds no events
    static synchronized LogChannel open(LogSettings settings) throws IOException {
        LogChannel channel = OPEN.get(settings.place());
        if (channel == null) {
            channel = settings.path() == null ? new OwnChannel(settings) : mounted(settings);
            OPEN.put(settings.place(), channel);
        }
        return channel;
    }

    private static LogChannel mounted(LogSettings settings) throws IOException {
        LogChannel channel = new MountedChannel(settings);
        if (watch == null) {
            watch = Thread.ofPlatform().daemon().name("relayfs-logging").start(LogChannels::watch);
        }
        return channel;
    }

    // A record that finds room in the memory of a dead owner does not notice; a channel that overwrites always has
    // room.
    private static void watch() {
        while (true) {
            try {
                Thread.sleep(LogChannel.LOOK_MS);
            } catch (InterruptedException e) {
                return;
            }
            for (LogChannel channel : channels()) {
                boolean ignored = channel.renew(false);
            }
        }
    }

    private static synchronized List<LogChannel> channels() {
        return List.copyOf(OPEN.values());
    }

    /// For tests, which log into a channel of the same name again with other settings.
    static synchronized void forget(String channel) {
        OPEN.remove("channel " + channel);
    }

    /// {@return a channel of this JVM, made unless it is there}
    static synchronized RelayChannel own(LogSettings settings) throws IOException {
        RelayChannel present = relay().channel(settings.channel()).orElse(null);
        return present == null ? relay().open(settings.channel(), settings.config()) : present;
    }
}
