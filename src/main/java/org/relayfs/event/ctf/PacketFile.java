package org.relayfs.event.ctf;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A file of packets of one stream. At every moment it is one that readers take, whose last packet ends where the file
/// does: so whoever is killed while he writes leaves all events that were whole. One thread.
///
/// The last packet reaches to the end of the file. What is written there is padding, until the packet's head says that
/// it is content; and a head lies within one page, so that it is written as a whole or not at all. The file grows by
/// pages, each of which is an empty packet until the last packet takes it in.
public final class PacketFile implements Closeable {
    /// Packets begin at multiples of this.
    static final int ALIGNMENT = 128;

    private static final int PAGE = 4096;
    private static final int MOST_PAGES = 16;

    private final FileChannel file;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(PacketHead.SIZE);
    private final ByteBuffer pages = ByteBuffer.allocateDirect(MOST_PAGES * PAGE);

    // The last packet; null while there is none.
    private PacketHead head;
    private long start;
    private long content;
    private long size;

    /// Begins a file.
    ///
    /// @param file an empty one, open for writing; closed with this
    public PacketFile(FileChannel file) {
        this.file = file;
    }

    /// Begins a packet behind the last one.
    void begin(PacketHead next) throws IOException {
        PacketHead last = head;
        long at = aligned(content);
        if (last == null) {
            head = next;
        }
        grow(at + ALIGNMENT);
        writeHead(next, at, at + PacketHead.SIZE, size);
        if (last != null) {
            writeHead(last, start, content, at);
        }
        head = next;
        start = at;
        content = at + PacketHead.SIZE;
    }

    /// Adds whole events to the last packet.
    ///
    /// @param events takes all that remains
    /// @param time   timestamp of the last of them
    void append(ByteBuffer events, long time) throws IOException {
        long end = content + events.remaining();
        grow(end);
        write(events, content);
        content = end;
        head = head.until(time);
        writeHead(head, start, content, size);
    }

    private void grow(long wanted) throws IOException {
        if (wanted <= size) {
            return;
        }
        try {
            while (size < wanted) {
                int count = (int) Math.min(MOST_PAGES, (wanted - size + PAGE - 1) / PAGE);
                write(emptyPackets(count), size);
                size += (long) count * PAGE;
            }
        } catch (IOException e) {
            cutBack(e);
            throw e;
        }
        if (content > 0) {
            writeHead(head, start, content, size);
        }
    }

    private ByteBuffer emptyPackets(int count) {
        PacketHead empty = head.empty();
        pages.clear();
        for (int page = 0; page < count; page++) {
            empty.put(pages.position(page * PAGE), PacketHead.SIZE, PAGE);
        }
        return pages.position(0).limit(count * PAGE);
    }

    /// A full disk may have taken a part of a page.
    private void cutBack(IOException failure) {
        try {
            file.truncate(size);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void writeHead(PacketHead of, long at, long contentEnd, long end) throws IOException {
        bytes.clear();
        of.put(bytes, contentEnd - at, end - at);
        write(bytes.flip(), at);
    }

    private void write(ByteBuffer from, long to) throws IOException {
        long at = to;
        while (from.hasRemaining()) {
            at += file.write(from, at);
        }
    }

    /// {@return bytes that the file will have when it is closed}
    public long size() {
        return aligned(content);
    }

    private static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /// Takes away what the file has behind its last packet, and closes it.
    @Override
    public void close() throws IOException {
        try (file) {
            long end = aligned(content);
            if (content > 0 && end < size) {
                writeHead(head.empty(), end, end + PacketHead.SIZE, size);
                writeHead(head, start, content, end);
                file.truncate(end);
                size = end;
            }
        }
    }
}
