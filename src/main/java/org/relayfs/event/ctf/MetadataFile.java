package org.relayfs.event.ctf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The file `metadata` of a trace that is being written. Readers see one that is whole at every moment.
public final class MetadataFile {
    /// Its name in the folder of a trace.
    public static final String NAME = "metadata";

    // Readers pass over names with a dot.
    private static final String NEXT = ".metadata";

    private final Path folder;
    private String text = "";

    /// Says where it is to be.
    ///
    /// @param folder of the trace
    public MetadataFile(Path folder) {
        this.folder = folder;
    }

    /// Writes it, unless it says that already.
    ///
    /// @param metadata what it is to say
    /// @throws IOException it cannot be written
    public void write(CtfMetadata metadata) throws IOException {
        String wanted = metadata.text();
        if (!wanted.equals(text)) {
            Path next = Files.writeString(folder.resolve(NEXT), wanted);
            Files.move(next, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
            text = wanted;
        }
    }
}
