package org.relayfs.tool.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Standard output, for records, whose reader may go at any moment.
public final class RecordOutput {
    private final WritableByteChannel output;

    /// The reader of the output is gone.
    public static final class GoneException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /// @param output standard output
    public RecordOutput(WritableByteChannel output) {
        this.output = output;
    }

    /// Writes all of it.
    ///
    /// @throws GoneException nobody reads it
    public void write(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                output.write(bytes);
            }
        } catch (IOException e) {
            throw isPipe() ? new GoneException() : new IOException("write: " + e.getMessage(), e);
        }
    }

    /// The only thing that can go wrong with a pipe; the text of the error depends on the language.
    private static boolean isPipe() throws IOException {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
        return target.startsWith("pipe:") || target.startsWith("socket:");
    }
}
