package org.relayfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.relayfs.buffer.ChannelName;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.linux.Cpus;
import org.relayfs.memory.MappedFile;
import org.relayfs.memory.SharedFolder;
import org.relayfs.ring.ChannelPlace;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The owner of channels: one folder of shared memory. Channels work with or without a mount. Thread-safe.
public final class Relay implements AutoCloseable {

    /// Asked when a channel is created: CPUs come and go.
    @FunctionalInterface
    interface CpuSource {
        Cpus now() throws IOException;
    }

    // Changed by the owner of this lock only.
    private volatile OwnerMemory memory;
    // Folders that somebody has removed; their channels keep working. Guarded by this.
    private final List<OwnerMemory> formerMemory = new ArrayList<>();
    private boolean listens;
    private final CpuSource cpus;
    private final long quota;
    private final List<ChannelListener> listeners = new CopyOnWriteArrayList<>();

    // Guarded by this. Listeners are called under it, so that they see changes in the order in which they happen.
    private final Map<String, RelayChannel> channels = new LinkedHashMap<>();
    private final Set<RelayChannel> unnamed = ConcurrentHashMap.newKeySet();
    private long reserved;
    private long serial;
    private boolean closed;

    private Relay(CpuSource cpus, long quota) throws IOException {
        this.memory = OwnerMemory.create(this::allBuffers);
        this.cpus = cpus;
        this.quota = quota;
    }

    /// Makes an empty relay with no other limit than the tmpfs.
    ///
    /// @return the relay
    /// @throws IOException its folder cannot be created
    public static Relay create() throws IOException {
        return create(Long.MAX_VALUE);
    }

    /// Makes an empty relay.
    ///
    /// @param quotaBytes shared memory that all channels together may have
    /// @return the relay
    /// @throws IOException its folder cannot be created
    public static Relay create(long quotaBytes) throws IOException {
        return create(quotaBytes, Cpus::ofSystem);
    }

    static Relay create(long quotaBytes, Cpus cpus) throws IOException {
        return create(quotaBytes, () -> cpus);
    }

    static Relay create(long quotaBytes, CpuSource cpus) throws IOException {
        if (quotaBytes < 0) {
            throw new IllegalArgumentException("quota: bytes=" + quotaBytes + ", limit=0 or more");
        }
        return new Relay(cpus, quotaBytes);
    }

    /// `relay_open`, with the kernel's arguments in the kernel's order: files `parent/baseFilename<cpu>`.
    ///
    /// @param baseFilename   the prefix of file names; null makes an unnamed channel, see [RelayChannel#publish]
    /// @param parent         path of the channel's directory; null only without a base name
    /// @param subBufferSize  S in bytes
    /// @param subBufferCount N
    /// @param callbacks      client callbacks, or null for no-overwrite
    /// @param privateData    the client's own
    /// @return the channel
    /// @throws IllegalArgumentException bad name or geometry; the message names value, limit and remedy
    /// @throws IllegalStateException a channel of that name exists, or the relay is closed
    /// @throws QuotaException there is not enough memory for it
    /// @throws IOException it cannot be created
    public RelayChannel open(
            String baseFilename,
            String parent,
            long subBufferSize,
            int subBufferCount,
            ChannelCallbacks callbacks,
            Object privateData)
            throws IOException {
        ChannelConfig config = ChannelConfig.of(subBufferSize, subBufferCount)
                .withCallbacks(callbacks)
                .withPrivateData(privateData);
        return baseFilename == null ? openUnnamed(config) : open(parent, config.withBaseName(baseFilename));
    }

    /// Opens a channel.
    ///
    /// @param name   path of its directory: components `[A-Za-z0-9_][A-Za-z0-9._-]{0,63}` joined by slashes
    /// @param config its settings
    /// @return the channel
    /// @throws IllegalArgumentException not a name
    /// @throws IllegalStateException a channel of that name exists, or the relay is closed
    /// @throws QuotaException there is not enough memory for it
    /// @throws IOException it cannot be created
    public RelayChannel open(String name, ChannelConfig config) throws IOException {
        return open(ChannelName.of(name), config);
    }

    /// Opens a channel.
    ///
    /// @param name   path of its directory
    /// @param config its settings
    /// @return the channel
    /// @throws IllegalStateException a channel of that name exists, or the relay is closed
    /// @throws QuotaException there is not enough memory for it
    /// @throws IOException it cannot be created
    public synchronized RelayChannel open(ChannelName name, ChannelConfig config) throws IOException {
        checkFree(name);
        RelayChannel channel = make(name.toString(), config);
        show(channel);
        return channel;
    }

    /// Opens a channel in the place of the one that has the name, if there is one, which is closed. When this fails,
    /// that
    /// one stays as it is. The quota counts as if it were gone; the tmpfs has to hold both for a moment.
    ///
    /// @param name   path of its directory
    /// @param config its settings
    /// @return the channel
    /// @throws IllegalStateException the relay is closed
    /// @throws QuotaException there is not enough memory for it
    /// @throws IOException it cannot be created
    public synchronized RelayChannel replace(ChannelName name, ChannelConfig config) throws IOException {
        checkOpen();
        RelayChannel old = channels.get(name.toString());
        long freed = old == null ? 0 : old.reservedBytes();
        RelayChannel channel;
        reserved -= freed;
        try {
            channel = make(name.toString(), config);
        } finally {
            reserved += freed;
        }
        try {
            if (old != null) {
                close(old);
            }
        } finally {
            show(channel);
        }
        return channel;
    }

    private void show(RelayChannel channel) {
        channels.put(channel.name(), channel);
        listeners.forEach(listener -> listener.channelOpened(channel));
    }

    /// Opens a channel that has no files until it is published.
    ///
    /// @param config its settings
    /// @return the channel
    /// @throws IllegalStateException the relay is closed
    /// @throws QuotaException there is not enough memory for it
    /// @throws IOException it cannot be created
    public synchronized RelayChannel openUnnamed(ChannelConfig config) throws IOException {
        checkOpen();
        RelayChannel channel = make(null, config);
        unnamed.add(channel);
        return channel;
    }

    private RelayChannel make(String name, ChannelConfig config) throws IOException {
        Objects.requireNonNull(config, "config");
        Cpus present = cpus.now();
        long bytes = RelayChannel.bytesAtStart(config, present);
        reserve(bytes);
        ensureFolder();
        ChannelPlace place = memory.place(name, ++serial);
        try {
            return new RelayChannel(this, name, config, place, present);
        } catch (MappedFile.OutOfMemoryException e) {
            undo(place.folder(), bytes, e);
            throw new QuotaException(e.getMessage(), true);
        } catch (IOException | RuntimeException e) {
            undo(place.folder(), bytes, e);
            throw e;
        }
    }

    // systemd-logind removes the shared memory of a user who logs out (RemoveIPC=), and people do.
    private void ensureFolder() throws IOException {
        if (memory.isThere()) {
            return;
        }
        log().warn(
                        "relay: {} was removed by somebody else; its channels keep working, but other processes cannot attach to them;"
                                + " new channels get a new folder",
                        memory.folder());
        OwnerMemory fresh = OwnerMemory.create(this::allBuffers);
        formerMemory.add(memory);
        memory = fresh;
        if (listens) {
            fresh.listen();
        }
    }

    private void undo(Path path, long bytes, Exception why) {
        reserved -= bytes;
        try {
            SharedFolder.remove(path);
        } catch (IOException e) {
            // It is removed with the relay's own folder; what counts is why there is no channel.
            why.addSuppressed(e);
        }
    }

    private void reserve(long bytes) throws QuotaException {
        if (bytes > quota - reserved) {
            throw new QuotaException(
                    "quota: bytes=" + bytes + ", left=" + (quota - reserved) + " of " + quota
                            + "; destroy a channel, make a smaller one or enlarge the quota",
                    false);
        }
        reserved += bytes;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("relay: it is closed");
        }
    }

    private void checkFree(ChannelName name) {
        checkOpen();
        if (channels.containsKey(name.toString())) {
            throw new IllegalStateException("channel: name=" + name + " exists; destroy it first");
        }
    }

    synchronized void publish(RelayChannel channel, String name) throws IOException {
        if (!unnamed.contains(channel)) {
            throw new IllegalStateException("channel: it is closed or has a name: name=" + channel.name());
        }
        checkFree(ChannelName.of(name));
        channel.setName(name);
        unnamed.remove(channel);
        show(channel);
    }

    /// Adds a buffer for a CPU that came online later, unless it has one by now.
    synchronized void addBuffer(RelayChannel channel, int slot) throws IOException {
        reserve(channel.bufferBytes());
        RingBuffer buffer = null;
        try {
            buffer = channel.addMissing(slot);
        } finally {
            reserved -= buffer == null ? channel.bufferBytes() : 0;
        }
        if (buffer != null && channel.name() != null) {
            RingBuffer added = buffer;
            listeners.forEach(listener -> listener.bufferAdded(channel, added));
        }
    }

    synchronized void close(RelayChannel channel) {
        if (!channel.finish()) {
            return;
        }
        reserved -= channel.reservedBytes();
        boolean named = !unnamed.remove(channel);
        try {
            channel.removeFiles();
        } finally {
            if (named) {
                channels.remove(channel.name(), channel);
                listeners.forEach(listener -> listener.channelClosed(channel));
            }
        }
    }

    /// {@return the channel, if there is one}
    ///
    /// @param name of a channel
    public synchronized Optional<RelayChannel> channel(String name) {
        return Optional.ofNullable(channels.get(name));
    }

    /// {@return the named channels, oldest first}
    public synchronized List<RelayChannel> channels() {
        return List.copyOf(channels.values());
    }

    private List<RingBuffer> allBuffers() {
        return channels().stream().flatMap(channel -> channel.rings().stream()).toList();
    }

    /// Adds a listener; it is told of all named channels that exist, then of every change.
    ///
    /// @param listener the listener
    public synchronized void addListener(ChannelListener listener) {
        listens = true;
        memory.listen();
        listeners.add(listener);
        channels.values().forEach(listener::channelOpened);
    }

    /// Removes a listener.
    ///
    /// @param listener the listener
    public synchronized void removeListener(ChannelListener listener) {
        listeners.remove(listener);
    }

    /// {@return bytes of shared memory that all channels together may have; [Long#MAX_VALUE] without such a limit}
    public long quotaBytes() {
        return quota;
    }

    /// {@return bytes of shared memory reserved for channels}
    public synchronized long reservedBytes() {
        return reserved;
    }

    /// {@return the folder of shared memory}
    public Path folder() {
        return memory.folder();
    }

    /// {@return the version of this program}
    public static String version() {
        return Version.TEXT;
    }

    /// {@return the version of the shared memory's layout}
    public static int layoutVersion() {
        return (int) ChannelHeader.LAYOUT_VERSION;
    }

    /// Looked up when there is something to say: a command that only asks for [#version()] needs no log.
    private static Logger log() {
        return LoggerFactory.getLogger(Relay.class);
    }

    /// Closes all channels and removes the folder. Idempotent.
    @Override
    public void close() {
        closeAll();
        // Outside the lock, which its thread needs.
        memory.close();
        formerMemory.forEach(OwnerMemory::close);
    }

    private synchronized void closeAll() {
        if (closed) {
            return;
        }
        closed = true;
        List<RelayChannel> left = new ArrayList<>(channels.values());
        left.addAll(unnamed);
        for (RelayChannel channel : left) {
            try {
                close(channel);
            } catch (RuntimeException e) {
                log().warn("relay: the client of channel {} failed when it was closed", channel.name(), e);
            }
        }
        memory.remove();
        formerMemory.forEach(OwnerMemory::remove);
    }
}
