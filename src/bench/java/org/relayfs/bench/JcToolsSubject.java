package org.relayfs.bench;

import org.jctools.queues.MpscArrayQueue;

/// One queue of byte arrays that are made beforehand: no allocation a record, but in the process only.
public final class JcToolsSubject implements Subject {
    private final MpscArrayQueue<byte[]> queue = new MpscArrayQueue<>(Sizes.QUEUE_CAPACITY);
    private int recordLength;
    private byte[] target;

    @Override
    public boolean open(Mode mode, int length, int threads) {
        recordLength = length;
        target = new byte[length];
        return mode != Mode.OVERWRITE;
    }

    @Override
    public Writer newWriter() {
        // Twice the queue: an array comes round again when the reader has long done with it.
        byte[][] pool = new byte[2 * Sizes.QUEUE_CAPACITY][recordLength];
        int[] next = {0};
        return (source, offset, length) -> {
            byte[] record = pool[next[0]];
            System.arraycopy(source, offset, record, 0, length);
            boolean taken = queue.offer(record);
            if (taken) {
                next[0] = next[0] + 1 & 2 * Sizes.QUEUE_CAPACITY - 1;
            }
            return taken;
        };
    }

    @Override
    public boolean read() {
        return queue.drain(record -> System.arraycopy(record, 0, target, 0, target.length)) > 0;
    }

    @Override
    public void discard() {
        queue.drain(record -> {});
    }
}
