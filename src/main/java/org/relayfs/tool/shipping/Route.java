package org.relayfs.tool.shipping;

import java.io.IOException;
import java.util.List;
import java.util.Properties;
import org.relayfs.event.ctf.CtfEnvironment;
import org.relayfs.event.ctf.ThisMachine;
import org.relayfs.tool.client.MountRoot;

/// What is shipped, and where to.
///
/// @param mount   where from
/// @param names   of channels; none: all
/// @param client  Kafka's properties of the connection
/// @param topic   of the data
/// @param host    name of this one
/// @param memory  bytes that records on their way may take
/// @param flushMs how long a record stays in an open sub-buffer at most
record Route(
        MountRoot mount, List<String> names, Properties client, String topic, String host, long memory, long flushMs) {
    /// Bytes that Kafka adds to a record.
    private static final int OVERHEAD = 1024;

    private static final String MAX_REQUEST = "max.request.size";
    private static final int DEFAULT_MAX_REQUEST = 1 << 20;

    /// {@return the name of the only shipper of this mount: Kafka ends the transactions of those before it}
    String transactionalId() {
        return "relayfs-ship-" + host + "-" + mount.path();
    }

    /// {@return what keys begin with}
    String prefix() throws IOException {
        CtfEnvironment here = ThisMachine.environment("");
        return here.bootId() + "/" + host;
    }

    /// {@return half of the memory: of copies that were not handed to Kafka's client, or of those that were}
    long half() {
        return memory / 2;
    }

    /// {@return bytes that a sub-buffer may have}
    long mostOfSubBuffer() {
        long request = Long.parseLong(client.getProperty(MAX_REQUEST, Integer.toString(DEFAULT_MAX_REQUEST)));
        return Math.min(request - OVERHEAD, half());
    }
}
