package org.relayfs;

import java.util.concurrent.atomic.AtomicLong;

/// The shared memory that all channels of a relay together may have. Reserved under the relay's lock; given back by
/// any thread, without it: a reader may be the one.
final class MemoryQuota {
    private final long limit;
    private final AtomicLong reserved = new AtomicLong();

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
        long left = limit - reserved.get() + freed;
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
        return reserved.get();
    }
}
