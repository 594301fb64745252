package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.relayfs.fuse.MmapMode;
import org.relayfs.linux.ProcessCalls;

/// The negotiation with the kernel at INIT. libfuse 2 knows nothing of passthrough or large requests, so its reply
/// is extended, but only by what the kernel has offered.
///
/// It is created before the mount and everything that belongs to it, all of which use it.
public final class Handshake {
    /// The largest read and write that is requested.
    public static final int MAX_TRANSFER = 1 << 20;

    private static final int DEFAULT_PAGES = 32;
    private static final int OUR_MINOR = 40;
    private static final long DECISION_WAIT_MS = 5_000;
    private static final Path MAX_PAGES_LIMIT = Path.of("/proc/sys/fs/fuse/max_pages_limit");

    private final MmapMode wanted;
    private final CountDownLatch done = new CountDownLatch(1);
    /// Null until INIT.
    private volatile MmapMode mmapMode;

    private boolean passthrough;
    private volatile int maxRecord;

    /// @param wanted mode that the mount options ask for
    public Handshake(MmapMode wanted) {
        this.wanted = wanted;
    }

    /// How relay files are mapped. The first who ask may be faster than the thread that has just answered INIT, and
    /// wait for it.
    ///
    /// @return any mode but [MmapMode#AUTO]; [MmapMode#OFF] when INIT does not come
    public MmapMode mmapMode() {
        if (mmapMode == null) {
            try {
                await(DECISION_WAIT_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        MmapMode decided = mmapMode;
        return decided == null ? MmapMode.OFF : decided;
    }

    /// @return the longest write(2), in bytes, that is certain to arrive in one piece: one page less than the
    ///     largest request, because the bytes may begin anywhere in a page
    public int maxRecord() {
        return maxRecord;
    }

    /// @param timeoutMs how long to wait at most
    /// @return true once the kernel and we have agreed
    /// @throws InterruptedException the waiting thread was interrupted
    public boolean await(long timeoutMs) throws InterruptedException {
        return done.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /// Extends a reply to INIT.
    ///
    /// @param request what the kernel offers
    /// @param reply   64 bytes that begin with what libfuse has answered
    public void extend(FuseRequest request, MemorySegment reply) {
        int offered = request.intAt(FuseProtocol.INIT_FLAGS);
        int offered2 = (offered & FuseProtocol.INIT_EXT) != 0 ? request.intAt(FuseProtocol.INIT_FLAGS2) : 0;
        int flags2 = offered2 & wantedFlags();
        int flags = reply.get(JAVA_INT, FuseProtocol.INIT_FLAGS)
                | (offered & (FuseProtocol.INIT_EXT | FuseProtocol.INIT_MAX_PAGES | FuseProtocol.INIT_BIG_WRITES));
        int pageSize = ProcessCalls.pageSize();
        int pages = (offered & FuseProtocol.INIT_MAX_PAGES) != 0
                ? Math.min(MAX_TRANSFER / pageSize, pageLimit())
                : DEFAULT_PAGES;
        boolean stacked = (flags2 & FuseProtocol.INIT2_PASSTHROUGH) != 0;

        reply.set(JAVA_INT, FuseProtocol.INIT_MINOR, Math.min(request.intAt(FuseProtocol.INIT_MINOR), OUR_MINOR));
        reply.set(JAVA_INT, FuseProtocol.INIT_FLAGS, flags);
        reply.set(JAVA_INT, FuseProtocol.INIT_OUT_MAX_WRITE, MAX_TRANSFER);
        reply.set(JAVA_INT, FuseProtocol.INIT_OUT_TIME_GRANULARITY, 1);
        reply.set(JAVA_SHORT, FuseProtocol.INIT_OUT_MAX_PAGES, (short) pages);
        reply.set(JAVA_INT, FuseProtocol.INIT_OUT_FLAGS2, flags2);
        reply.set(JAVA_INT, FuseProtocol.INIT_OUT_STACK_DEPTH, stacked ? 1 : 0);
        passthrough = stacked;
        maxRecord = (pages - 1) * pageSize;
    }

    /// The reply has reached the kernel.
    ///
    /// @param mayRegister whether this process may register backing files; called only where it matters
    public void finish(BooleanSupplier mayRegister) {
        mmapMode = switch (wanted) {
            case OFF, CACHED -> wanted;
            case AUTO, PASSTHROUGH ->
                passthrough && mayRegister.getAsBoolean() ? MmapMode.PASSTHROUGH : MmapMode.CACHED;
        };
        done.countDown();
    }

    private int wantedFlags() {
        return switch (wanted) {
            case AUTO, PASSTHROUGH -> FuseProtocol.INIT2_DIRECT_IO_ALLOW_MMAP | FuseProtocol.INIT2_PASSTHROUGH;
            case CACHED -> FuseProtocol.INIT2_DIRECT_IO_ALLOW_MMAP;
            case OFF -> 0;
        };
    }

    /// The limit set by the administrator; before Linux 6.13 there is no such file and the limit is 256.
    private static int pageLimit() {
        // Not Files.readString: it asks such a file for one byte first, and gets the first digit only.
        try (BufferedReader lines = Files.newBufferedReader(MAX_PAGES_LIMIT)) {
            return Math.max(1, Integer.parseInt(lines.readLine()));
        } catch (IOException | NumberFormatException e) {
            return 256;
        }
    }
}
