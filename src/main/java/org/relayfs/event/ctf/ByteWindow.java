package org.relayfs.event.ctf;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The part of a stream that is being looked at. It grows to what is asked for, not with the stream.
final class ByteWindow {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int SIZE = 1 << 16;

    private final ByteSource source;
    private byte[] bytes = new byte[SIZE];
    private int start;
    private int end;
    /// Of `bytes[0]` in the stream.
    private long offset;
    private boolean isAtEnd;

    ByteWindow(ByteSource source) {
        this.source = source;
    }

    /// Has so many bytes in the window, if there are so many now.
    boolean has(int count) throws IOException {
        return end - start >= count || fill(count);
    }

    private boolean fill(int count) throws IOException {
        if (start > 0 || count > bytes.length) {
            byte[] target = count > bytes.length ? new byte[Math.max(count, 2 * bytes.length)] : bytes;
            System.arraycopy(bytes, start, target, 0, end - start);
            bytes = target;
            offset += start;
            end -= start;
            start = 0;
        }
        while (end - start < count && !isAtEnd) {
            int got = read(count - (end - start));
            if (got == 0) {
                return false;
            }
            isAtEnd = got < 0;
            end += Math.max(0, got);
        }
        return end - start >= count;
    }

    private int read(int missing) throws IOException {
        if (source.isClosing()) {
            return start == end ? ByteSource.END : source.read(bytes, end, missing);
        }
        return source.read(bytes, end, bytes.length - end);
    }

    /// Leaves out bytes that are in the window.
    void skip(int count) {
        start += count;
    }

    /// {@return the bytes that are there, of which those of the window are of interest}
    byte[] bytes() {
        return bytes;
    }

    /// {@return the place of the window's first byte in the array}
    int start() {
        return start;
    }

    /// {@return how many bytes are in the window}
    int size() {
        return end - start;
    }

    /// {@return the place of the window's first byte in the stream}
    long offset() {
        return offset + start;
    }

    /// {@return whether nothing comes behind what is in the window}
    boolean isAtEnd() {
        return isAtEnd;
    }

    int intAt(int at) {
        return (int) INT.get(bytes, start + at);
    }

    long longAt(int at) {
        return (long) LONG.get(bytes, start + at);
    }
}
