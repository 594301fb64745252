package org.relayfs.tool.report;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.relayfs.event.ctf.ByteSource;

/// The bytes of a buffer of a channel, as they come.
final class LiveBytes implements ByteSource {
    private static final int CHUNK_SIZE = 1 << 16;

    private final Reading reading;
    private final MemorySegment chunk = Arena.ofAuto().allocate(CHUNK_SIZE);
    private boolean hasEnded;
    private boolean isOver;
    private boolean isDry;
    private boolean isClosing;

    /// One of the two ways to read a buffer.
    @FunctionalInterface
    interface Reading {
        /// @return how many bytes it has put into the target; 0: there are none now
        int read(MemorySegment target) throws IOException;
    }

    LiveBytes(Reading reading) {
        this.reading = reading;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = reading.read(chunk.asSlice(0, Math.min(length, CHUNK_SIZE)));
        MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, 0, target, offset, count);
        isDry = count == 0;
        isOver = isDry && (hasEnded || isClosing);
        return isOver ? END : count;
    }

    @Override
    public boolean isClosing() {
        return isClosing;
    }

    /// Takes no event more than those of which something was taken.
    void closeSoon() {
        isClosing = true;
    }

    /// {@return whether the last read has found nothing}
    boolean isDry() {
        return isDry;
    }

    /// {@return whether nothing will come from it any more}
    boolean isOver() {
        return isOver;
    }

    /// The buffer has ended: once there is nothing in it, nothing will come.
    void end() {
        hasEnded = true;
    }
}
