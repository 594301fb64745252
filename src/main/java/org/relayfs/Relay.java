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
import org.relayfs.ring.ChannelPlace;
import org.relayfs.ring.LeftTypes;
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

    private final RelayMemory memory;
    private final CpuSource cpus;
    private final MemoryQuota quota;
    private final List<ChannelListener> listeners = new CopyOnWriteArrayList<>();

    // Guarded by this. Listeners are called under it, so that they see changes in the order in which they happen.
    private final Map<String, RelayChannel> channels = new LinkedHashMap<>();
    private final Set<RelayChannel> unnamed = ConcurrentHashMap.newKeySet();
    private boolean closed;

    private Relay(CpuSource cpus, long quota) throws IOException {
        this.quota = new MemoryQuota(quota);
        this.memory = new RelayMemory(this::allBuffers);
        this.cpus = cpus;
        Klog.know(this);
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
        RelayChannel channel = make(name.toString(), config, 0);
        show(channel);
        return channel;
    }

    /// Opens a channel in the place of the one that has the name, if there is one, which is closed. When this fails,
    /// that one stays as it is. The quota counts as if it were gone; the tmpfs has to hold both for a moment.
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
        RelayChannel channel = make(name.toString(), config, old == null ? 0 : old.reservedBytes());
        try {
            if (old != null) {
                close(old);
            }
        } finally {
            show(channel);
        }
        return channel;
    }

    /// Takes the channels of a dead process over: names, settings and files, what was not read, positions and
    /// counters.
    /// Processes that have attached, or map a channel, go on and need not know: they were writing into the same
    /// memory all the time. What the dead process had not finished is settled as for any writer that dies.
    ///
    /// A channel of a program with callbacks is from now on one without them, in mode no-overwrite, and still only
    /// its owner can write to it. What is damaged is left as it is, and so is a channel whose name is taken here.
    /// The memory counts for the quota, even beyond it.
    ///
    /// Of several processes that try, exactly one succeeds. When this one ends, others can take over from it.
    ///
    /// @param folder of that process, `/dev/shm/relayfs-UID/PID-START-N`, see [#leftBehind]
    /// @return what was taken over, and what was not
    /// @throws IllegalStateException the relay is closed
    /// @throws IOException it is not such a folder of this user; its process is alive, or another one has taken it
    ///     over
    public synchronized Adoption adopt(Path folder) throws IOException {
        checkOpen();
        Adopter adopter = new Adopter(memory, cpus.now());
        Adoption adoption = adopter.adopt(folder, found -> {
            checkFree(ChannelName.of(found.settings().name()));
            RelayChannel channel = new RelayChannel(this, found, adopter.cpus());
            channels.put(channel.name(), channel);
            countTypes(channel);
            return channel;
        });
        adoption.channels().forEach(this::show);
        return adoption;
    }

    /// Finds what processes of this user have left that were killed while their channels were mounted on a folder.
    ///
    /// @param mountPoint an absolute path, as [#mountedOn] was told
    /// @return folders for [#adopt], the oldest first
    /// @throws IOException shared memory cannot be looked at
    public static List<Path> leftBehind(Path mountPoint) throws IOException {
        return MountPlaces.leftBehind(mountPoint);
    }

    /// Notes where the channels are mounted, for [#leftBehind] if this process is killed. A mount does so itself.
    ///
    /// @param mountPoint an absolute path
    public synchronized void mountedOn(Path mountPoint) {
        memory.mountedOn(mountPoint);
    }

    private void show(RelayChannel channel) {
        channels.put(channel.name(), channel);
        Klog.opened(channel);
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
        RelayChannel channel = make(null, config, 0);
        unnamed.add(channel);
        return channel;
    }

    private RelayChannel make(String name, ChannelConfig config, long freed) throws IOException {
        Objects.requireNonNull(config, "config");
        Cpus present = cpus.now();
        ChannelPlace place = memory.place(name);
        RelayChannel channel = reserving(
                Generation.bytesAtStart(config, present),
                freed,
                place,
                () -> new RelayChannel(this, name, config, place, present));
        if (config.events()) {
            // Those that were reserved with it are among them.
            countTypes(channel);
            quota.giveBack(LeftTypes.FIRST_BYTES);
        }
        return channel;
    }

    private void countTypes(RelayChannel channel) {
        if (channel.config().events()) {
            quota.countTypes(channel.folder());
        }
    }

    /// Gives a channel another geometry, see [RelayChannel#resize].
    synchronized void resize(RelayChannel channel, long subBufferSize, int subBufferCount) throws IOException {
        ChannelConfig before = channel.config();
        ChannelConfig config = before.withGeometry(subBufferSize, subBufferCount);
        int number = channel.nextGeneration();
        if (before.subBufferSize() == subBufferSize && before.subBufferCount() == subBufferCount) {
            return;
        }
        Cpus present = cpus.now();
        ChannelPlace place = memory.placeInside(channel.place(), number);
        long bytes = Generation.bytes(config, channel.rings().size());
        reserving(bytes, 0, place, () -> {
            channel.moveTo(config, place, present);
            return channel;
        });
        if (channel.name() != null) {
            listeners.forEach(listener -> listener.channelResized(channel));
        }
    }

    @FunctionalInterface
    private interface Making {
        RelayChannel make() throws IOException;
    }

    private RelayChannel reserving(long bytes, long freed, ChannelPlace place, Making making) throws IOException {
        quota.reserve(bytes, freed);
        try {
            return making.make();
        } catch (MappedFile.OutOfMemoryException e) {
            quota.giveBack(bytes);
            RelayMemory.undo(place, e);
            throw new QuotaException(e.getMessage(), true);
        } catch (IOException | RuntimeException e) {
            quota.giveBack(bytes);
            RelayMemory.undo(place, e);
            throw e;
        }
    }

    /// A channel was taken over.
    void take(long bytes) {
        quota.take(bytes);
    }

    /// A generation of a channel is gone. Takes no lock.
    void giveBack(long bytes) {
        quota.giveBack(bytes);
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
        quota.reserve(channel.bufferBytes());
        RingBuffer buffer = null;
        try {
            buffer = channel.addMissing(slot);
        } finally {
            quota.giveBack(buffer == null ? channel.bufferBytes() : 0);
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
        quota.forgetTypes(channel.folder());
        Klog.closed(channel);
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

    /// Hands a name its channel, if it is open.
    synchronized void showTo(Klog klog) {
        RelayChannel channel = channels.get(klog.name());
        if (channel != null) {
            klog.use(channel);
        }
    }

    private List<RingBuffer> allBuffers() {
        return channels().stream()
                .flatMap(channel -> channel.allRings().stream())
                .toList();
    }

    /// Adds a listener; it is told of all named channels that exist, then of every change.
    ///
    /// @param listener the listener
    public synchronized void addListener(ChannelListener listener) {
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
        return quota.limit();
    }

    /// {@return bytes of shared memory reserved for channels}
    public long reservedBytes() {
        return quota.reserved();
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
    }
}
