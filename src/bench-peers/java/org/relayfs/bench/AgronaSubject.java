package org.relayfs.bench;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/// Agrona's ManyToOneRingBuffer, off heap, one for all CPUs.
public final class AgronaSubject implements Subject {
    private final ManyToOneRingBuffer ring = new ManyToOneRingBuffer(new UnsafeBuffer(
            java.nio.ByteBuffer.allocateDirect(Sizes.BUFFER_SIZE + RingBufferDescriptor.TRAILER_LENGTH)));
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[4096]);

    @Override
    public boolean open(Mode mode, int length, int threads) {
        return mode != Mode.OVERWRITE;
    }

    @Override
    public Writer newWriter() {
        UnsafeBuffer record = new UnsafeBuffer(new byte[0]);
        return (source, offset, length) -> {
            if (record.byteArray() != source) {
                record.wrap(source);
            }
            return ring.write(1, record, offset, length);
        };
    }

    @Override
    public boolean read() {
        return ring.read((type, buffer, index, length) -> target.putBytes(0, buffer, index, length)) > 0;
    }

    @Override
    public void discard() {
        int ignored = ring.read((type, buffer, index, length) -> {});
    }
}
