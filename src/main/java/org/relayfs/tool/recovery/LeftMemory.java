package org.relayfs.tool.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// The memory of one dead owner.
///
/// @param owner    its folder, or a copy of it
/// @param channels folders of the channels that are wanted
record LeftMemory(Path owner, List<Path> channels) {
    /// Finds that of all dead owners of this user.
    static List<LeftMemory> all() throws IOException {
        List<LeftMemory> found = new ArrayList<>();
        for (OwnerFolder folder : OwnerFolder.list(false)) {
            if (folder.isLeftBehind()) {
                found.add(new LeftMemory(folder.path(), OwnerFolder.channels(folder.path())));
            }
        }
        return found;
    }

    /// Finds what the user means.
    ///
    /// @param folder an owner's, or a channel's
    /// @throws ToolException it is neither, or its owner lives
    static LeftMemory at(Path folder) throws IOException, ToolException {
        Path real = folder.toRealPath();
        if (OwnerFolder.isChannel(real) && OwnerFolder.isChannel(real.getParent())) {
            // A generation of a channel that was resized.
            real = real.getParent();
        }
        boolean isChannel = OwnerFolder.isChannel(real);
        Path owner = isChannel ? real.getParent() : real;
        if (!Files.isDirectory(real) || !isChannel && !isOwner(owner)) {
            throw new ToolException(
                    ExitCode.USAGE,
                    folder + ": not the shared memory of relayfs; give the folder of a process, such as "
                            + "/dev/shm/relayfs-0/4711-123456-1, or that of a channel in it");
        }
        requireDead(owner);
        return new LeftMemory(owner, isChannel ? List.of(real) : OwnerFolder.channels(owner));
    }

    private static boolean isOwner(Path folder) throws IOException {
        return OwnerFolder.at(folder).isPresent()
                || Files.isDirectory(folder) && !OwnerFolder.channels(folder).isEmpty();
    }

    private static void requireDead(Path owner) throws IOException, ToolException {
        Optional<OwnerFolder> named = OwnerFolder.at(owner);
        // Without the file it is of an earlier version, or a copy.
        boolean alive = LivenessLocks.isOwnerAlive(owner)
                .orElseGet(
                        () -> named.filter(folder -> folder.owner().isAlive()).isPresent());
        if (alive) {
            // Another one may have taken it over.
            String process = named.filter(folder -> folder.owner().isAlive())
                    .map(folder -> ", process " + folder.owner().pid() + ",")
                    .orElse("");
            throw new ToolException(
                    ExitCode.USAGE,
                    owner + ": its owner" + process + " is alive; read its channels through its mount, with "
                            + "relayfs cat or relayfs record");
        }
    }

    /// {@return where its files go}
    ///
    /// @param output  folder for all
    /// @param channel one of the channels
    Path folderIn(Path output, Path channel) {
        return output.resolve(owner.getFileName()).resolve(channel.getFileName());
    }
}
