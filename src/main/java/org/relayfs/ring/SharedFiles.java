package org.relayfs.ring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.WriteResult;
import org.relayfs.memory.MappedFile;

/// The two files behind a buffer, for accesses that may find that somebody has made one shorter: a fault then, and
/// damage. Any thread.
final class SharedFiles {
    private final Ring ring;
    private final Path data;

    /// @param data path of the data file
    SharedFiles(Ring ring, Path data) {
        this.ring = ring;
        this.data = data;
    }

    /// Does what needs the shared memory.
    ///
    /// @throws DamagedBufferException the memory is damaged
    <T> T touch(Supplier<T> action) {
        try {
            return action.get();
        } catch (InternalError fault) {
            answer(fault);
            throw ring.damage.exception();
        }
    }

    /// The same without a result.
    void touch(Runnable action) {
        boolean ignored = touch(() -> {
            action.run();
            return true;
        });
    }

    /// The answer of a write that met a fault.
    ///
    /// @return [WriteResult#DAMAGED]
    int answer(InternalError fault) {
        if (!isShortened(fault)) {
            throw fault;
        }
        return WriteResult.DAMAGED;
    }

    /// After a failure for which a file may be the cause, because somebody has made it shorter. If so, the buffer is
    /// marked, and the files get their length back: no further access fails. If not, the failure is the caller's:
    /// of the memory that a record comes from or goes to.
    boolean isShortened(Throwable failure) {
        try {
            // Both, whichever it was.
            boolean dataShortened = MappedFile.restore(data, ring.data.byteSize());
            boolean metaShortened =
                    MappedFile.restore(ring.meta.path(), ring.meta.memory().byteSize());
            if (dataShortened || metaShortened) {
                ring.damage.found("a file was made shorter");
            }
            return dataShortened || metaShortened;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }
}
