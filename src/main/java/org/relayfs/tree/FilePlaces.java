package org.relayfs.tree;

import java.util.List;
import java.util.Map;
import org.relayfs.ChannelConfig;

/// The putting of buffers' files where their channel wants them: into its own directory or any other. Under the lock of
/// the names ([Directories]).
final class FilePlaces {
    private final Directories directories;
    private final RelayFiles files;

    FilePlaces(Directories directories, RelayFiles files) {
        this.directories = directories;
        this.files = files;
    }

    /// Makes the files of some buffers. A buffer whose place cannot be, or is taken, gets none: the life remembers it.
    ///
    /// @param own the channel's directory
    void put(ChannelLife life, Directory own, List<WantedFile> wanted) {
        for (WantedFile file : wanted) {
            if (file.path() == null || !put(life, own, file)) {
                life.addRefused(file);
            }
        }
    }

    private boolean put(ChannelLife life, Directory own, WantedFile file) {
        FilePath path = file.path();
        if (directories.fileOnTheWay(path.directory()) != null) {
            return false;
        }
        // What is there already is looked at first: a directory made for nothing would stay.
        Directory present = directories.find(path.directory());
        if (present != null && isTaken(present, own, life, path.name())) {
            return false;
        }
        Directory place = directories.below(path.directory());
        ChannelConfig config = life.channel().config();
        Map<String, Node> made = files.of(place, life, file.buffer(), path.name(), config.fileMode(), life.isPlain());
        if (place == own) {
            life.add(made);
        } else {
            made.forEach((name, node) -> life.addPlaced(place, name, node));
        }
        place.status().modified();
        return true;
    }

    private static boolean isOthers(Directory place, ChannelLife life, String name) {
        Node present = place.child(name);
        return present != null && present != life.former(place, name);
    }

    // In its own directory, a file may be hidden by a subdirectory that the program has made.
    private static boolean isTaken(Directory place, Directory own, ChannelLife life, String name) {
        List<String> names =
                life.isPlain() ? List.of(name) : List.of(name, name + RelayFiles.PRODUCED, name + RelayFiles.CONSUMED);
        return place == own
                ? life.files().containsKey(name) || names.stream().anyMatch(place.placed()::containsKey)
                : names.stream().anyMatch(each -> isOthers(place, life, each));
    }
}
