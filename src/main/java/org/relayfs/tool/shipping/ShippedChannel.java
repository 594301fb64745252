package org.relayfs.tool.shipping;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.relayfs.buffer.BufferStats;
import org.relayfs.event.ctf.MetadataFile;
import org.relayfs.reader.ChannelConsumer;
import org.relayfs.reader.ConsumedBuffer;
import org.relayfs.reader.ReaderState;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.ClientFile;

/// A channel that is shipped. It is consumed only when the shipper says that all it has collected is committed.
final class ShippedChannel implements Closeable {
    private final ChannelFolder channel;
    private final String host;
    private final ChannelConsumer consumer;
    private final List<ClientFile> files = new ArrayList<>();
    private byte[] metadata;
    private String version;

    /// @param host what keys begin with: boot id and host
    ShippedChannel(ChannelFolder channel, String host) throws IOException {
        this.channel = channel;
        this.host = host;
        this.consumer = ChannelConsumer.open(channel.path());
        try {
            openFiles();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void openFiles() throws IOException {
        files.forEach(ClientFile::close);
        files.clear();
        for (Path file : channel.relayFiles()) {
            files.add(ClientFile.open(file));
        }
    }

    String name() {
        return channel.name();
    }

    /// {@return what to wait for: a sub-buffer is closed}
    List<ClientFile> files() {
        return files;
    }

    /// Looks for buffers of new CPUs.
    ///
    /// @return false when nothing more will come: it was destroyed, or its owner has died
    boolean look() throws IOException {
        int before = consumer.buffers().size();
        consumer.await(0, TimeUnit.MILLISECONDS);
        if (consumer.state() == ReaderState.CLOSED && consumer.reopen()) {
            openFiles();
        } else if (consumer.buffers().size() > before) {
            openFiles();
        }
        return consumer.state() == ReaderState.OPEN;
    }

    /// Closes the sub-buffers that hold records.
    void flush() throws IOException {
        if (consumer.buffers().stream().anyMatch(ConsumedBuffer::hasOpenRecords)) {
            channel.flush();
        }
    }

    /// Copies closed sub-buffers.
    ///
    /// @param room      bytes that there is room for; the last one may exceed it
    /// @param committed how far each key was shipped
    List<Parcel> collect(long room, Map<String, Position> committed) throws IOException {
        List<Parcel> parcels = new ArrayList<>();
        long left = room;
        for (ConsumedBuffer buffer : consumer.buffers()) {
            String key = key(buffer.cpu());
            Position shipped = committed.getOrDefault(key, Position.START);
            byte[] bytes = left > 0 ? next(buffer) : null;
            while (bytes != null) {
                Parcel parcel = parcel(key, buffer, bytes, shipped);
                if (parcel != null) {
                    shipped = parcel.next();
                    parcels.add(parcel);
                    left -= parcel.bytes().length;
                }
                bytes = left > 0 ? next(buffer) : null;
            }
        }
        return parcels;
    }

    private static byte[] next(ConsumedBuffer buffer) throws IOException {
        byte[][] copy = {null};
        buffer.keep((pieces, count, total) -> {
            copy[0] = copy(pieces, count, total);
            return true;
        });
        return copy[0];
    }

    /// What of it was not shipped by a shipper before this one; null for nothing.
    private Parcel parcel(String key, ConsumedBuffer buffer, byte[] bytes, Position shipped) {
        long at = buffer.position();
        if (at < shipped.subBuffer()) {
            return null;
        }
        long before = at == shipped.subBuffer() ? shipped.bytes() : 0;
        int skipped = buffer.isContinued() ? 0 : (int) Math.min(before, bytes.length);
        if (skipped == bytes.length) {
            return null;
        }
        byte[] rest = skipped == 0 ? bytes : Arrays.copyOfRange(bytes, skipped, bytes.length);
        Position next = buffer.isPart() ? new Position(at, before + rest.length) : new Position(at + 1, 0);
        return new Parcel(key, name(), at, before, rest, next);
    }

    private static byte[] copy(MemorySegment[] pieces, int count, long total) {
        byte[] bytes = new byte[(int) total];
        int at = 0;
        for (int i = 0; i < count; i++) {
            int size = (int) pieces[i].byteSize();
            MemorySegment.copy(pieces[i], ValueLayout.JAVA_BYTE, 0, bytes, at, size);
            at += size;
        }
        return bytes;
    }

    /// Where it lies tells one life and one geometry of a channel from the next.
    private String key(int cpu) {
        Path memory = consumer.folder();
        Path owner = memory;
        while (owner.getParent() != null
                && owner.getParent().getFileName() != null
                && !owner.getParent().getFileName().toString().startsWith("relayfs-")) {
            owner = owner.getParent();
        }
        String life = owner.relativize(memory).toString().replace('/', ':');
        return host + "/" + owner.getFileName() + "/" + life + "/" + cpu;
    }

    /// Reads what describes the events that were collected: types are registered before an event has them, so it is
    /// read after those.
    ///
    /// @return its version; null for a channel without events
    String describe() throws IOException {
        if (!channel.row().hasEvents()) {
            return null;
        }
        try {
            metadata =
                    Files.readString(channel.path().resolve(MetadataFile.NAME)).getBytes(StandardCharsets.UTF_8);
            CRC32C sum = new CRC32C();
            sum.update(metadata);
            version = Long.toHexString(sum.getValue());
        } catch (NoSuchFileException e) {
            // It was destroyed; what was known stays.
            if (metadata == null) {
                throw e;
            }
        }
        return version;
    }

    byte[] metadata() {
        return metadata;
    }

    /// {@return what the buffers have counted, by their keys}
    Map<String, BufferStats> stats() {
        Map<String, BufferStats> stats = new HashMap<>();
        for (ConsumedBuffer buffer : consumer.buffers()) {
            stats.put(key(buffer.cpu()), buffer.stats());
        }
        return stats;
    }

    /// Gives what was collected back to the writers.
    void giveBack() throws IOException {
        for (ConsumedBuffer buffer : consumer.buffers()) {
            buffer.giveBack();
        }
    }

    @Override
    public void close() throws IOException {
        files.forEach(ClientFile::close);
        consumer.close();
    }
}
