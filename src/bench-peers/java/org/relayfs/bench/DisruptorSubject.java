package org.relayfs.bench;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;

/// LMAX Disruptor: a ring of byte arrays that are made beforehand, many producers.
public final class DisruptorSubject implements Subject {
    private RingBuffer<byte[]> ring;
    private EventPoller<byte[]> poller;
    private byte[] target;

    @Override
    public boolean open(Mode mode, int length, int threads) {
        ring = RingBuffer.createMultiProducer(() -> new byte[length], Sizes.QUEUE_CAPACITY, new BusySpinWaitStrategy());
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        target = new byte[length];
        return mode != Mode.OVERWRITE;
    }

    @Override
    public Writer newWriter() {
        return (source, offset, length) -> {
            long sequence;
            try {
                sequence = ring.tryNext();
            } catch (InsufficientCapacityException e) {
                return false;
            }
            try {
                System.arraycopy(source, offset, ring.get(sequence), 0, length);
            } finally {
                ring.publish(sequence);
            }
            return true;
        };
    }

    private boolean poll(EventPoller.Handler<byte[]> handler) throws Exception {
        return poller.poll(handler) == EventPoller.PollState.PROCESSING;
    }

    @Override
    public boolean read() throws Exception {
        return poll((event, sequence, last) -> {
            System.arraycopy(event, 0, target, 0, target.length);
            return true;
        });
    }

    @Override
    public void discard() throws Exception {
        boolean ignored = poll((event, sequence, last) -> true);
    }
}
