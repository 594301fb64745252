package org.relayfs.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.TypesFile;
import org.relayfs.memory.ReadOnlyFile;

/// The types of events that a dead owner's channel has left, as far as its file has them. Nothing in it is believed.
public final class LeftTypes {
    /// Bytes of memory that the file counts as when it is made, see [#memoryBytes()].
    public static final long FIRST_BYTES = TypesFile.COUNTS_OFFSET + rowsBytes(0);

    private static final int PAGE = 4096;

    private final TypeLog log = new TypeLog();

    private LeftTypes() {}

    /// Reads them.
    ///
    /// @param channel folder of the channel
    /// @return none when there is no such file, or when it is too short
    /// @throws IOException it cannot be read
    public static LeftTypes read(Path channel) throws IOException {
        LeftTypes types = new LeftTypes();
        ByteBuffer end = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (ReadOnlyFile file = ReadOnlyFile.open(channel.resolve(EventTypes.FILE))) {
            if (file.read(end, TypesFile.LOG_END_OFFSET)) {
                int length = Math.clamp(end.getLong(0), 0, TypesFile.LOG_SIZE);
                ByteBuffer bytes = ByteBuffer.allocate(length);
                if (file.read(bytes, TypesFile.LOG_OFFSET)) {
                    types.log.read(bytes, length);
                }
            }
        } catch (NoSuchFileException e) {
            // Its channel has died before it was made.
        }
        return types;
    }

    /// {@return the types by their ids}
    public SortedMap<Integer, EventType> types() {
        return log.types();
    }

    /// {@return the names of threads by their numbers}
    public SortedMap<Long, String> threads() {
        return log.threads();
    }

    /// {@return how many bytes of memory the file has at most: the rows of counts count as if each had been written to,
    /// because who writes to them is in other processes; the log, with what was reserved behind it}
    public long memoryBytes() {
        int longest = log.types().values().stream()
                .mapToInt(EventTypes::typeLength)
                .max()
                .orElse(0);
        long written = log.end() == 0 ? 0 : Math.min(pages((long) log.end() + longest), TypesFile.LOG_SIZE);
        return TypesFile.COUNTS_OFFSET + rowsBytes(log.types().size()) + written;
    }

    private static long rowsBytes(int types) {
        return InFlightTable.ENTRIES * pages((BuiltInType.FIRST_OF_PROGRAMS + types) * (long) Long.BYTES);
    }

    private static long pages(long bytes) {
        return bytes + PAGE - 1 & -PAGE;
    }
}
