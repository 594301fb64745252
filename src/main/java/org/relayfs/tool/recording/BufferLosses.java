package org.relayfs.tool.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalLong;
import org.relayfs.reader.ChannelObserver;
import org.relayfs.reader.ObservedBuffer;
import org.relayfs.tool.client.ChannelFolder;

/// How many events a channel's buffers have lost, from its shared memory: exact also when the channel was destroyed.
/// Nothing is known to a user who may not read that memory. Thread-safe.
final class BufferLosses implements Closeable {
    private final ChannelFolder channel;
    private final String memory;
    private ChannelObserver observer;

    BufferLosses(ChannelFolder channel) {
        this.channel = channel;
        this.memory = memory();
        look();
    }

    /// Another one when the channel was destroyed and another one has its name; the same after a resize.
    private String memory() {
        try {
            return Files.readString(channel.path().resolve("memory"));
        } catch (IOException e) {
            return "";
        }
    }

    /// Looks for new buffers: those of CPUs that have come online, and those that a resize has made.
    synchronized void look() {
        if (memory.isEmpty() || !memory.equals(memory())) {
            return;
        }
        try {
            ChannelObserver opened = ChannelObserver.open(channel.path(), ChannelObserver.Start.NOW);
            close();
            observer = opened;
        } catch (IOException e) {
            // What is known stays; without the right to read it, nothing is.
        }
    }

    /// {@return those of one CPU, if they are known}
    synchronized OptionalLong of(int cpu) {
        look();
        return observer == null
                ? OptionalLong.empty()
                : observer.buffers().stream()
                        .filter(buffer -> buffer.cpu() == cpu)
                        .mapToLong(ObservedBuffer::lostRecords)
                        .findAny();
    }

    @Override
    public synchronized void close() {
        if (observer != null) {
            observer.close();
        }
    }
}
