package org.relayfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.relayfs.memory.KeptText;
import org.relayfs.memory.OwnerFolder;

/// Where the channels of an owner were mounted, as a file in its folder, a path a line: by it the next mount
/// there finds what an owner that was killed has left.
final class MountPlaces {
    private static final String FILE = "mounts";

    private final Set<String> places = new LinkedHashSet<>();

    /// Notes one more.
    void add(Path mountPoint) {
        places.add(mountPoint.toString());
    }

    /// Keeps them, if there are any.
    ///
    /// @param owner folder of the owner
    void write(Path owner) throws IOException {
        if (!places.isEmpty()) {
            KeptText.write(owner.resolve(FILE), String.join("\n", places) + "\n");
        }
    }

    /// {@return the folders that dead owners of this user have left who were mounted there, the oldest first}
    static List<Path> leftBehind(Path mountPoint) throws IOException {
        List<OwnerFolder> found = new ArrayList<>();
        for (OwnerFolder folder : OwnerFolder.list(false)) {
            if (folder.isLeftBehind() && wasMountedOn(folder.path(), mountPoint)) {
                found.add(folder);
            }
        }
        return found.stream()
                .sorted(Comparator.comparingLong(
                        (OwnerFolder folder) -> folder.owner().start()))
                .map(OwnerFolder::path)
                .toList();
    }

    private static boolean wasMountedOn(Path owner, Path mountPoint) {
        try {
            return KeptText.read(owner.resolve(FILE))
                    .filter(text -> text.lines().anyMatch(mountPoint.toString()::equals))
                    .isPresent();
        } catch (IOException e) {
            return false; // it can still be named
        }
    }
}
