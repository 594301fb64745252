package org.relayfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.memory.SharedFolder;
import org.relayfs.ring.AdoptedMemory;
import org.relayfs.ring.ChannelPlace;

/// A channel whose owner is dead, looked at by the process that has taken the owner's lock: what its folder
/// holds, and whether it fits together. Nothing in it is trusted, and nothing is changed before [#takeOver()].
/// For one thread.
final class AdoptedChannel {
    private static final long LONGEST_ABANDON_MS = TimeUnit.HOURS.toMillis(1);

    private final ChannelPlace place;
    private final List<AdoptedMemory> generations;
    private final List<Path> unfinished;
    private final KeptSettings settings;

    private AdoptedChannel(
            ChannelPlace place, List<AdoptedMemory> generations, List<Path> unfinished, KeptSettings settings) {
        this.place = place;
        this.generations = generations;
        this.unfinished = unfinished;
        this.settings = settings;
    }

    /// Looks at one.
    ///
    /// @param folder of the channel
    /// @param locks  of the owner's folder, with the owner's own
    /// @return the channel; null when its owner was about to close it
    /// @throws IOException it cannot be taken over, and why
    static AdoptedChannel at(Path folder, LivenessLocks locks) throws IOException {
        List<AdoptedMemory> generations = new ArrayList<>();
        List<Path> unfinished = new ArrayList<>();
        List<Path> folders = OwnerFolder.generations(folder);
        if (folders.isEmpty() || !folders.getFirst().equals(folder) || folders.size() > Generations.MAX_FORMER + 3) {
            throw new IOException(folder + ": damaged: generations=" + folders.size() + ", limit=1 to "
                    + (Generations.MAX_FORMER + 3) + ", with the first");
        }
        for (Path generation : folders) {
            if (!generation.equals(folder) && AdoptedMemory.isIncomplete(generation)) {
                // Its owner died during a resize, before anybody could know of it.
                unfinished.add(generation);
            } else {
                int number = generation.equals(folder)
                        ? 0
                        : Integer.parseInt(generation.getFileName().toString());
                generations.add(AdoptedMemory.open(generation, number, locks));
            }
        }
        AdoptedMemory last = generations.getLast();
        if (last.isClosed()) {
            return null;
        }
        requireLineage(folder, generations);
        ChannelPlace place = new ChannelPlace(folder, 0, locks, last.serial());
        return new AdoptedChannel(place, generations, unfinished, KeptSettings.read(folder, configOf(last)));
    }

    /// Each but the last has handed its records over, the one before the last perhaps in part.
    private static void requireLineage(Path folder, List<AdoptedMemory> generations) throws IOException {
        AdoptedMemory last = generations.getLast();
        boolean fits = !last.slots().isEmpty()
                && !last.isMovedInPart()
                && (last.state() == ChannelHeader.STATE_ENABLED || last.state() == ChannelHeader.STATE_DISABLED);
        for (int i = 0; i < generations.size() - 1; i++) {
            AdoptedMemory former = generations.get(i);
            fits &= generations.get(i + 1).slots().containsAll(former.slots())
                    && (former.state() == ChannelHeader.STATE_MOVED || i == generations.size() - 2);
        }
        if (!fits) {
            throw new IOException(folder + ": damaged: its generations do not fit together");
        }
    }

    private static ChannelConfig configOf(AdoptedMemory memory) {
        return ChannelConfig.of(
                        memory.geometry().subBufferSize(), memory.geometry().subBufferCount())
                .withMode(memory.has(ChannelHeader.FLAG_OVERWRITE) ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE)
                .withGlobal(memory.has(ChannelHeader.FLAG_GLOBAL))
                .withEvents(memory.geometry().hasEvents())
                .withPaddingHeader(
                        memory.geometry().hasEvents() ? 0 : memory.geometry().headerLength())
                .withAbandonAfterMs(
                        Math.clamp(TimeUnit.NANOSECONDS.toMillis(memory.abandonAfterNs()), 1, LONGEST_ABANDON_MS));
    }

    /// Makes this process the owner.
    void takeOver() throws IOException {
        for (Path folder : unfinished) {
            SharedFolder.remove(folder);
        }
        for (AdoptedMemory generation : generations) {
            generation.takeOver();
        }
    }

    /// {@return the place of the first generation}
    ChannelPlace place() {
        return place;
    }

    /// {@return the generations, the oldest first; the last takes the records}
    List<AdoptedMemory> generations() {
        return generations;
    }

    /// {@return the largest number by which a generation has bytes in the file of locks}
    long serial() {
        return generations.stream().mapToLong(AdoptedMemory::serial).max().orElse(0);
    }

    KeptSettings settings() {
        return settings;
    }

    /// {@return the settings, with the geometry of the last resize}
    ChannelConfig config() {
        return settings.config();
    }

    /// {@return the settings of a generation}
    ChannelConfig config(AdoptedMemory generation) {
        return settings.config()
                .withGeometry(
                        generation.geometry().subBufferSize(),
                        generation.geometry().subBufferCount());
    }

    boolean isEnabled() {
        return generations.getLast().state() == ChannelHeader.STATE_ENABLED;
    }
}
