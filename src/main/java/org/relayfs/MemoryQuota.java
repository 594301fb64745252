package org.relayfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.relayfs.ring.LeftTypes;

/// The shared memory that all channels of a relay together may have. Reserved under the relay's lock; given back by
/// any thread, without it: a reader may be the one.
final class MemoryQuota {
    private final long limit;
    private final AtomicLong reserved = new AtomicLong();
    // Folders of channels of events. Their types are registered by any process, which need not know this quota.
    private final Set<Path> typesIn = ConcurrentHashMap.newKeySet();

    /// @param limit in bytes; [Long#MAX_VALUE] for none
    MemoryQuota(long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("quota: bytes=" + limit + ", limit=0 or more");
        }
        this.limit = limit;
    }

    /// @throws QuotaException there is not so much left
    void reserve(long bytes) throws QuotaException {
        reserve(bytes, 0);
    }

    /// @param bytes wanted
    /// @param freed bytes that count as if they had been given back
    /// @throws QuotaException there is not so much left
    void reserve(long bytes, long freed) throws QuotaException {
        long left = limit - reserved() + freed;
        if (bytes > left) {
            throw new QuotaException(
                    "quota: bytes=" + bytes + ", left=" + Math.max(0, left) + " of " + limit
                            + "; destroy a channel, make a smaller one or enlarge the quota",
                    false);
        }
        reserved.addAndGet(bytes);
    }

    /// Counts what is taken already, whatever the limit: nobody gets more before enough is given back.
    void take(long bytes) {
        reserved.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        reserved.addAndGet(-bytes);
    }

    long limit() {
        return limit;
    }

    long reserved() {
        return reserved.get()
                + typesIn.stream().mapToLong(MemoryQuota::typesBytes).sum();
    }

    /// From now on the types of a channel of events count, as many as there are when somebody asks.
    ///
    /// @param channel its folder
    void countTypes(Path channel) {
        typesIn.add(channel);
    }

    /// The channel is gone.
    ///
    /// @param channel its folder
    void forgetTypes(Path channel) {
        typesIn.remove(channel);
    }

    /// {@return bytes that the types of a channel of events take}
    ///
    /// @param channel its folder
    static long typesBytes(Path channel) {
        try {
            return LeftTypes.read(channel).memoryBytes();
        } catch (IOException _) {
            // Whatever has become of it, it was made.
            return LeftTypes.FIRST_BYTES;
        }
    }
}
