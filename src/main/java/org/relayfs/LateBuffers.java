package org.relayfs;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The buffers of CPUs that have come since their channel was opened: made for the first record there. Any thread.
final class LateBuffers {
    private static final Logger LOG = LoggerFactory.getLogger(LateBuffers.class);

    private final Relay relay;
    private final RelayChannel channel;
    private final Generations generations;
    // CPUs whose buffer could not be created: not tried again with each record.
    private final Set<Integer> withoutBuffer = ConcurrentHashMap.newKeySet();

    LateBuffers(Relay relay, RelayChannel channel, Generations generations) {
        this.relay = relay;
        this.channel = channel;
        this.generations = generations;
    }

    /// {@return the buffer of a slot, created if it is missing; another one if it cannot be created}
    RingBuffer of(int slot) {
        RingBuffer buffer = generations.present().writer().buffer(slot);
        return buffer != null ? buffer : make(slot);
    }

    private RingBuffer make(int slot) {
        if (!channel.isClosed() && !withoutBuffer.contains(slot)) {
            try {
                relay.addBuffer(channel, slot);
            } catch (IOException | RuntimeException e) {
                withoutBuffer.add(slot);
                LOG.warn(
                        "channel {}: no buffer for CPU {}: {}; its records go to another buffer",
                        channel.name(),
                        slot,
                        e.getMessage());
            }
        }
        RecordWriter present = generations.present().writer();
        RingBuffer buffer = present.buffer(slot);
        for (int other = 0; buffer == null; other++) {
            buffer = present.buffer(other);
        }
        return buffer;
    }
}
