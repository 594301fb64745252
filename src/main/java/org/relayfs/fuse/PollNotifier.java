package org.relayfs.fuse;

import java.lang.foreign.Arena;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that tells those who wait: pollers, mappings, waiting reads.
///
/// Writers call [#enqueue]: they put the node into a queue, and make a system call only when the thread sleeps.
/// The thread announces its sleep before it looks at the queue for the last time, a writer queues before it looks
/// at the announcement: one of the two sees the other.
final class PollNotifier implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PollNotifier.class);
    private static final int QUEUE_CHUNK = 256;

    private final Queue<RelayNode> queue = new MpscUnboundedVarHandleArrayQueue<>(QUEUE_CHUNK);
    private final int device;
    private volatile Thread thread;
    private volatile boolean asleep;
    private volatile boolean stopped;

    /// @param device descriptor of /dev/fuse
    PollNotifier(int device) {
        this.device = device;
    }

    /// Asks for [RelayNode#serve]. Any thread; never blocks.
    void enqueue(RelayNode node) {
        queue.offer(node);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /// Serves what is queued, and ends the thread.
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try (Arena arena = Arena.ofConfined()) {
            ThreadTools tools = ThreadTools.of(arena, device);
            while (true) {
                RelayNode node = queue.poll();
                if (node != null) {
                    serve(node, tools);
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

    private static void serve(RelayNode node, ThreadTools tools) {
        try {
            node.dequeued();
            node.serve(tools);
        } catch (RuntimeException | Error e) {
            LOG.error("those who wait for cpu {} were not told", node.buffer().cpu(), e);
        }
    }
}
