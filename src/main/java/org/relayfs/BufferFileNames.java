package org.relayfs;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.relayfs.buffer.ChannelBuffer;

/// The names of the files of a channel's buffers, chosen with its client: relay's `create_buf_file` and
/// `remove_buf_file`. Guarded by the channel.
final class BufferFileNames {
    private final ChannelConfig config;
    private final int firstCpu;
    private final Map<ChannelBuffer, String> names = new HashMap<>();

    /// @param config   of the channel
    /// @param firstCpu the first CPU online
    BufferFileNames(ChannelConfig config, int firstCpu) {
        this.config = config;
        this.firstCpu = firstCpu;
    }

    /// Gives a new buffer its file.
    ///
    /// @param channelName null while the channel is unnamed
    /// @param buffer      the buffer
    /// @throws IOException the client refuses it
    void add(String channelName, ChannelBuffer buffer) throws IOException {
        names.put(buffer, create(channelName, buffer));
    }

    /// Gives all buffers of an unnamed channel their files, or none.
    ///
    /// @param channelName its name from now on
    /// @throws IOException the client refuses one
    void publish(String channelName) throws IOException {
        Map<ChannelBuffer, String> created = new HashMap<>();
        for (ChannelBuffer buffer : names.keySet()) {
            created.put(buffer, create(channelName, buffer));
        }
        names.putAll(created);
    }

    // A global buffer is CPU 0's and its file is named after the first CPU online, as in the kernel.
    private String create(String channelName, ChannelBuffer buffer) throws IOException {
        int cpu = config.global() ? firstCpu : buffer.cpu();
        String proposed = channelName == null ? null : path(cpu);
        if (config.callbacks() == null) {
            return proposed;
        }
        String file = config.callbacks().onCreateBufferFile(proposed, buffer);
        if (file == null) {
            throw new IOException("channel " + channelName + ": its callback refused the file of CPU " + cpu);
        }
        return file;
    }

    private String path(int cpu) {
        String name = config.baseName() + (config.numberedFiles() ? cpu : "");
        String directory = config.fileDirectory();
        return directory == null ? name : directory.equals("/") ? "/" + name : directory + "/" + name;
    }

    /// {@return the name of its file, or its path; null while the channel is unnamed}
    ///
    /// @param buffer one of the channel's
    String name(ChannelBuffer buffer) {
        return names.get(buffer);
    }

    /// Tells the client of every file that it is gone, even if the client throws.
    ///
    /// @return its first exception with the others suppressed; null if there was none
    RuntimeException tellRemoved() {
        return tellRemoved(List.copyOf(names.keySet()));
    }

    /// Tells the client of the files of some buffers that they are gone, and forgets them.
    ///
    /// @param buffers the buffers
    /// @return its first exception with the others suppressed; null if there was none
    RuntimeException tellRemoved(List<? extends ChannelBuffer> buffers) {
        RuntimeException failure = null;
        for (ChannelBuffer buffer : buffers) {
            String file = names.remove(buffer);
            try {
                if (config.callbacks() != null) {
                    config.callbacks().onRemoveBufferFile(file, buffer);
                }
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        return failure;
    }
}
