package org.relayfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.relayfs.memory.SharedFolder;
import org.relayfs.ring.ChannelPlace;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folders of shared memory of a relay: the present one, in which channels are made, and others whose channels it
/// has: those that somebody has removed, and those of dead owners that it has taken over. Guarded by the relay,
/// except for [#folder()] and [#close()].
final class RelayMemory implements AutoCloseable {
    private final Supplier<List<RingBuffer>> buffers;
    private static final long GONE_SERIALS = 1 << 20;
    private static final long MOST_SERIALS = 1L << 48;

    private final MountPlaces mounts = new MountPlaces();
    private final List<OwnerMemory> former = new ArrayList<>();
    private volatile OwnerMemory present;
    private boolean listens;
    private long serial;

    /// @param buffers all that can be armed, at the time of the call
    RelayMemory(Supplier<List<RingBuffer>> buffers) throws IOException {
        this.buffers = buffers;
        this.present = OwnerMemory.create(buffers);
    }

    /// {@return a place for a new channel}
    ///
    /// @param channelName null for one that has none yet
    ChannelPlace place(String channelName) throws IOException {
        ensureFolder();
        return present.place(channelName, ++serial);
    }

    /// {@return a place for the next generation of a channel}
    ///
    /// @param first  of its first generation
    /// @param number of the generation
    ChannelPlace placeInside(ChannelPlace first, int number) {
        return new ChannelPlace(first.folder().resolve(Integer.toString(number)), number, first.locks(), ++serial);
    }

    // systemd-logind removes the shared memory of a user who logs out (RemoveIPC=), and people do.
    private void ensureFolder() throws IOException {
        if (present.isThere()) {
            return;
        }
        log().warn(
                        "relay: {} was removed by somebody else; its channels keep working, but other processes cannot attach to them;"
                                + " new channels get a new folder",
                        present.folder());
        OwnerMemory fresh = OwnerMemory.create(buffers);
        former.add(present);
        present = fresh;
        noteMounts(fresh);
        if (listens) {
            fresh.listen();
        }
    }

    /// Takes the place of a dead owner, beside the relay's own.
    ///
    /// @throws IOException its owner lives, or it cannot be used
    OwnerMemory succeed(Path folder) throws IOException {
        OwnerMemory memory = OwnerMemory.succeed(folder, buffers);
        mounts.write(folder);
        former.add(memory);
        if (listens) {
            memory.listen();
        }
        return memory;
    }

    /// Lets a dead owner's folder go again, in which nothing was taken over. It is removed if nothing is in it.
    void letGo(OwnerMemory memory) {
        former.remove(memory);
        memory.remove();
        memory.close();
    }

    /// So many numbers have been given to generations of channels in a folder that was taken over, and perhaps some
    /// more, to generations that are gone and that somebody still holds.
    void passOver(long used) {
        serial = Math.max(serial, Math.min(used, MOST_SERIALS) + GONE_SERIALS);
    }

    /// Notes where the channels are mounted, for who finds the folders one day.
    void mountedOn(Path mountPoint) {
        mounts.add(mountPoint);
        noteMounts(present);
        former.forEach(this::noteMounts);
    }

    private void noteMounts(OwnerMemory memory) {
        try {
            mounts.write(memory.folder());
        } catch (IOException e) {
            log().warn("relay: {}: where it is mounted cannot be noted: {}", memory.folder(), e.getMessage());
        }
    }

    /// Removes what was made for a channel that there is not.
    ///
    /// @param why gets what goes wrong
    static void undo(ChannelPlace place, Exception why) {
        try {
            SharedFolder.remove(place.folder());
        } catch (IOException e) {
            // It is removed with the relay's own folder; what counts is why there is no channel.
            why.addSuppressed(e);
        }
    }

    /// Passes deliveries of other processes on, from now on.
    void listen() {
        listens = true;
        present.listen();
    }

    Path folder() {
        return present.folder();
    }

    /// All channels are closed.
    void remove() {
        present.remove();
        former.forEach(OwnerMemory::remove);
    }

    /// Not under a lock that the doorbell's thread needs.
    @Override
    public void close() {
        present.close();
        former.forEach(OwnerMemory::close);
    }

    /// Looked up when there is something to say: a command that only asks for a version needs no log.
    private static Logger log() {
        return LoggerFactory.getLogger(RelayMemory.class);
    }
}
