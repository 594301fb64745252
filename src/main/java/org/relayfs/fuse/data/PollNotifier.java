package org.relayfs.fuse.data;

import java.lang.foreign.Arena;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.relayfs.fuse.wire.FailureLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that notifies pollers, mappings and waiting reads. It alone invalidates cached pages: the kernel
/// then waits for page fills, which the session threads must be free to answer.
///
/// Writers call [#enqueue]: they put their node into a queue, and make a system call only when the thread sleeps.
/// The thread announces its sleep before it looks at the queue for the last time, a writer queues before it looks
/// at the announcement: one of the two sees the other.
public final class PollNotifier implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PollNotifier.class);
    private static final int QUEUE_CHUNK = 256;
    private static final int FIRST_ATTEMPTS = 100;
    private static final long RETRY_NS = 10_000_000;
    private static final FailureLog NOT_TOLD = FailureLog.of(LOG, "waking those who wait for");

    private final Queue<Consumer<ThreadTools>> queue = new MpscUnboundedVarHandleArrayQueue<>(QUEUE_CHUNK);
    private final int device;
    private volatile Thread thread;
    private volatile boolean asleep;
    private volatile boolean stopped;

    /// @param device descriptor of /dev/fuse
    public PollNotifier(int device) {
        this.device = device;
    }

    /// Queues a notification. Any thread; never blocks.
    ///
    /// @param message tells it, with the tools of this thread
    void enqueue(Consumer<ThreadTools> message) {
        queue.offer(message);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /// Sends what is queued, and ends the thread.
    public void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try (Arena arena = Arena.ofConfined()) {
            ThreadTools tools = ThreadTools.of(arena, device);
            while (true) {
                Consumer<ThreadTools> message = queue.poll();
                if (message != null) {
                    tell(message, tools);
                } else if (stopped) {
                    return;
                } else {
                    sleep();
                }
            }
        }
    }

    private void sleep() {
        asleep = true;
        if (queue.isEmpty() && !stopped) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    /// Somebody waits for it, so it is retried while there is no memory.
    private void tell(Consumer<ThreadTools> message, ThreadTools tools) {
        for (int attempt = 1; ; attempt++) {
            try {
                message.accept(tools);
                return;
            } catch (OutOfMemoryError e) {
                if (attempt == FIRST_ATTEMPTS || stopped) {
                    NOT_TOLD.error(message, e);
                }
                if (stopped) {
                    return;
                }
                LockSupport.parkNanos(RETRY_NS);
            } catch (RuntimeException | Error e) {
                NOT_TOLD.error(message, e);
                return;
            }
        }
    }
}
