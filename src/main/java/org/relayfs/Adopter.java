package org.relayfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.linux.Cpus;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.memory.SharedFolder;

/// The taking over of a dead owner's channels, one after the other: one that is damaged does not keep the others.
/// Under the relay's lock.
final class Adopter {
    private final RelayMemory memory;
    private final Cpus cpus;

    /// @param memory of the relay
    /// @param cpus   as they are now
    Adopter(RelayMemory memory, Cpus cpus) {
        this.memory = memory;
        this.cpus = cpus;
    }

    /// Makes a channel of what was found.
    @FunctionalInterface
    interface Making {
        RelayChannel make(AdoptedChannel found) throws IOException;
    }

    Cpus cpus() {
        return cpus;
    }

    /// Takes over what there is in a folder.
    ///
    /// @throws IOException its owner lives, or it cannot be used
    Adoption adopt(Path folder, Making making) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        OwnerMemory owner = memory.succeed(absolute);
        List<RelayChannel> channels = new ArrayList<>();
        List<Adoption.Left> left = new ArrayList<>();
        try {
            for (Path channel : OwnerFolder.channels(absolute)) {
                try {
                    AdoptedChannel found = AdoptedChannel.at(channel, owner.locks());
                    if (found == null) {
                        SharedFolder.remove(channel);
                    } else {
                        memory.passOver(found.serial());
                        channels.add(making.make(found));
                    }
                } catch (IOException | RuntimeException | InternalError e) {
                    // An InternalError is a fault: somebody has cut a file off.
                    left.add(new Adoption.Left(channel, reason(channel, e)));
                }
            }
        } finally {
            if (channels.isEmpty()) {
                memory.letGo(owner);
            }
        }
        return new Adoption(absolute, channels, left);
    }

    private static String reason(Path channel, Throwable why) {
        String text = String.valueOf(why.getMessage());
        return text.contains(channel.toString()) ? text : channel + ": " + text;
    }
}
