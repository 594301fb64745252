package org.relayfs.tool.recovery;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The files of one channel, each opened when it is wanted first.
final class RecoveredFiles implements Closeable {
    private final Path folder;
    private final Map<Integer, RecoveredFile> files = new TreeMap<>();

    RecoveredFiles(Path folder) {
        this.folder = folder;
    }

    /// {@return the file of a buffer}
    ///
    /// @param slot of the buffer
    RecoveredFile of(int slot) throws IOException {
        RecoveredFile file = files.get(slot);
        if (file == null) {
            file = new RecoveredFile(folder.resolve("cpu" + slot));
            files.put(slot, file);
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        for (RecoveredFile file : files.values()) {
            file.close();
        }
    }
}
