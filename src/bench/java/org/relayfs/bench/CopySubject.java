package org.relayfs.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.relayfs.memory.RecordCopy;

/// Only the copy, without any synchronisation and each thread to itself: what a record costs at least.
public final class CopySubject implements Subject {
    private static final class Target implements Writer {
        private final MemorySegment memory = Arena.ofAuto().allocate(Sizes.BUFFER_SIZE, 4096);
        private final long first = memory.address();
        private long offset;

        @Override
        public boolean write(byte[] source, int from, int length) {
            long to = offset + length <= Sizes.BUFFER_SIZE ? offset : 0;
            RecordCopy.copy(source, from, first + to, length);
            offset = to + length;
            return true;
        }
    }

    @Override
    public boolean open(Mode mode, int length, int threads) {
        return mode != Mode.READ;
    }

    @Override
    public Writer newWriter() {
        return new Target();
    }
}
