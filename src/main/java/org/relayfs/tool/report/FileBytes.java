package org.relayfs.tool.report;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.relayfs.event.ctf.ByteSource;

/// The bytes of some files, one after the other. They are read by copies: one that somebody makes shorter ends early.
final class FileBytes implements ByteSource, Closeable {
    private final List<Path> files;
    private int opened;
    private InputStream file;

    FileBytes(List<Path> files) {
        this.files = files;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (true) {
            int count = file == null ? END : file.read(target, offset, length);
            if (count > 0) {
                return count;
            }
            close();
            if (opened == files.size()) {
                return END;
            }
            file = Files.newInputStream(files.get(opened));
            opened++;
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
