package org.relayfs.tree.text;

import java.util.function.UnaryOperator;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The settings that a directory keeps for its next `create`. Each value is in range by itself; whether they fit
/// together is checked when the channel is created, so that the files may be written in any order.
///
/// @param subBufferSize  S in bytes
/// @param subBufferCount N
/// @param mode           what happens when a buffer is full
/// @param global         true: one buffer for all CPUs
/// @param paddingHeader  in how many bytes a sub-buffer begins with its padding; 0: it does not
/// @param events         true: a channel of events
/// @param files          what relay files it has, and where
public record ChannelSettings(
        long subBufferSize,
        int subBufferCount,
        ChannelMode mode,
        boolean global,
        int paddingHeader,
        boolean events,
        FileSettings files) {

    static final long MAX_BUFFER_SIZE = 1L << 31;
    static final int MAX_SUB_BUFFER_COUNT = 524288;

    /// Of a new directory.
    public static final ChannelSettings DEFAULT =
            of(ChannelConfig.of(ChannelConfig.DEFAULT_SUB_BUFFER_SIZE, ChannelConfig.DEFAULT_SUB_BUFFER_COUNT));

    /// {@return the settings of a channel}
    ///
    /// @param config of the channel
    public static ChannelSettings of(ChannelConfig config) {
        return new ChannelSettings(
                config.subBufferSize(),
                config.subBufferCount(),
                config.mode(),
                config.global(),
                config.paddingHeader(),
                config.events(),
                FileSettings.of(config));
    }

    /// {@return what a channel is created with}
    ///
    /// @throws ErrnoException EINVAL: they do not fit together
    public ChannelConfig toConfig() throws ErrnoException {
        if (subBufferSize > MAX_BUFFER_SIZE / subBufferCount) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    "buffer: subbuf_size=" + subBufferSize + " times n_subbufs=" + subBufferCount + ", limit="
                            + MAX_BUFFER_SIZE + " bytes; make one of them smaller");
        }
        try {
            return files.applyTo(ChannelConfig.of(subBufferSize, subBufferCount)
                    .withMode(mode)
                    .withGlobal(global)
                    .withPaddingHeader(paddingHeader)
                    .withEvents(events));
        } catch (IllegalArgumentException refused) {
            throw new ErrnoException(Errno.EINVAL, refused.getMessage());
        }
    }

    ChannelSettings withSubBufferSize(long bytes) {
        return new ChannelSettings(bytes, subBufferCount, mode, global, paddingHeader, events, files);
    }

    ChannelSettings withSubBufferCount(int count) {
        return new ChannelSettings(subBufferSize, count, mode, global, paddingHeader, events, files);
    }

    ChannelSettings withMode(ChannelMode value) {
        return new ChannelSettings(subBufferSize, subBufferCount, value, global, paddingHeader, events, files);
    }

    ChannelSettings withGlobal(boolean value) {
        return new ChannelSettings(subBufferSize, subBufferCount, mode, value, paddingHeader, events, files);
    }

    ChannelSettings withPaddingHeader(int value) {
        return new ChannelSettings(subBufferSize, subBufferCount, mode, global, value, events, files);
    }

    ChannelSettings withEvents(boolean value) {
        return new ChannelSettings(subBufferSize, subBufferCount, mode, global, paddingHeader, value, files);
    }

    ChannelSettings withFiles(UnaryOperator<FileSettings> change) {
        return new ChannelSettings(
                subBufferSize, subBufferCount, mode, global, paddingHeader, events, change.apply(files));
    }
}
