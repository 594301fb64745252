package org.relayfs.event.ctf;

import java.io.IOException;

/// The packets of a stream: where they begin and end, and what their heads say.
final class PacketEdge {
    static final int HEAD_SIZE = 72;

    private static final int MAGIC = 0xC1FC1FC1;
    private static final int STREAM_ID = 4;
    private static final int INSTANCE = 8;
    private static final int CONTENT_SIZE = 32;
    private static final int PACKET_SIZE = 40;
    private static final int DISCARDED = 56;
    private static final int CPU = 64;
    private static final int MAX_CPU = 1 << 20;
    private static final long MAX_SIZE = 1L << 40;

    /// What is at the edge of a packet.
    enum Found {
        PACKET,
        NOTHING,
        DAMAGE
    }

    private final ByteWindow window;
    private int cpu;
    private long discarded;
    /// Bytes of events that are left in the packet, and those behind them.
    private long left;
    private long padding;
    private String damage;

    PacketEdge(ByteWindow window) {
        this.window = window;
    }

    boolean isAtEdge() {
        return left == 0;
    }

    /// {@return bytes of events that are left in the packet}
    long left() {
        return left;
    }

    void take(int size) {
        left -= size;
    }

    /// Goes into the next packet that has events.
    Found cross() throws IOException {
        while (left == 0) {
            if (!skipPadding() || !window.has(HEAD_SIZE)) {
                return atEnd();
            }
            if (!isHead()) {
                damage = "not the head of a packet";
                return Found.DAMAGE;
            }
            cpu = (int) window.longAt(CPU);
            discarded = window.longAt(DISCARDED);
            left = window.longAt(CONTENT_SIZE) / Byte.SIZE - HEAD_SIZE;
            padding = (window.longAt(PACKET_SIZE) - window.longAt(CONTENT_SIZE)) / Byte.SIZE;
            window.skip(HEAD_SIZE);
        }
        return Found.PACKET;
    }

    private Found atEnd() {
        if (!window.isAtEnd() || window.size() == 0 && padding == 0) {
            return Found.NOTHING;
        }
        padding = 0;
        damage = "the end of the stream is within a packet";
        return Found.DAMAGE;
    }

    private boolean isHead() {
        long content = window.longAt(CONTENT_SIZE);
        long size = window.longAt(PACKET_SIZE);
        long number = window.longAt(CPU);
        return window.intAt(0) == MAGIC
                && window.intAt(STREAM_ID) == 0
                && number >= 0
                && number < MAX_CPU
                && window.longAt(INSTANCE) == number
                && content % Byte.SIZE == 0
                && size % Byte.SIZE == 0
                && content >= HEAD_SIZE * Byte.SIZE
                && size >= content
                && size <= MAX_SIZE;
    }

    private boolean skipPadding() throws IOException {
        while (padding > 0 && window.has(1)) {
            int count = (int) Math.min(padding, window.size());
            window.skip(count);
            padding -= count;
        }
        return padding == 0;
    }

    /// Leaves out the rest of the packet. Its size is not believed any more.
    void giveUp() {
        padding = 0;
        left = 0;
    }

    /// Goes to the next head of a packet, byte by byte.
    boolean search() throws IOException {
        while (window.has(HEAD_SIZE)) {
            if (isHead()) {
                return true;
            }
            window.skip(1);
        }
        return false;
    }

    int cpu() {
        return cpu;
    }

    long discarded() {
        return discarded;
    }

    String damage() {
        return damage;
    }
}
