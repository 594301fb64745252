package org.relayfs.ring;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.EventTypeBuilder;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;
import org.relayfs.layout.TypesFile;

/// The log in a file `types`: definitions of types and names of threads, each written once. What is read is untrusted;
/// the log ends, for its reader, with the first record that cannot be.
///
/// ```
///  0 length of the record, a multiple of 8 : 32 | kind, 1 type or 2 thread : 32
///  8 type:   id : 16 | level : 8 | number of fields : 8 | name, then for each field: kind : 8 | name |
///            number of labels : 16 | labels          texts: length : 16, then bytes
///    thread: number : 32 | name
/// ```
final class TypeLog {
    private static final int TYPE = 1;
    private static final int THREAD = 2;
    private static final int MAX_THREADS = 4096;
    private static final int MAX_NAME = 64;
    private static final List<FieldKind> KINDS = List.of(FieldKind.values());
    private static final List<Level> LEVELS = List.of(Level.values());

    private final SortedMap<Integer, EventType> types = new TreeMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final SortedMap<Long, String> threads = new TreeMap<>();
    private int end;

    /// {@return the types by their ids}
    SortedMap<Integer, EventType> types() {
        return types;
    }

    /// {@return the id of the type that has a name, or null}
    Integer idOf(String name) {
        return ids.get(name);
    }

    /// {@return the names of threads by their numbers; of a number that was used again, the last}
    SortedMap<Long, String> threads() {
        return threads;
    }

    /// {@return the bytes that were read}
    int end() {
        return end;
    }

    boolean isFullOfThreads() {
        return threads.size() >= MAX_THREADS;
    }

    /// Reads on.
    ///
    /// @param log   all of it
    /// @param limit bytes that are complete, as the file says
    void read(ByteBuffer log, long limit) {
        ByteBuffer bytes = log.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int last = Math.clamp(limit, 0, bytes.capacity());
        while (end + 16 <= last) {
            int length = bytes.clear().getInt(end);
            if (length < 16 || length % 8 != 0 || length > last - end) {
                return;
            }
            bytes.position(end + 4).limit(end + length);
            try {
                readRecord(bytes);
            } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
                return;
            }
            end += length;
        }
    }

    private void readRecord(ByteBuffer record) {
        switch (record.getInt()) {
            case TYPE -> {
                int id = Short.toUnsignedInt(record.getShort());
                if (id != BuiltInType.FIRST_OF_PROGRAMS + types.size() || id >= TypesFile.IDS) {
                    throw new IllegalArgumentException("type: id=" + id);
                }
                EventType type = readType(record);
                types.put(id, type);
                ids.putIfAbsent(type.name(), id);
            }
            case THREAD -> {
                long number = Integer.toUnsignedLong(record.getInt());
                threads.put(number, text(record));
            }
            default -> throw new IllegalArgumentException("kind");
        }
    }

    private static EventType readType(ByteBuffer record) {
        Level level = LEVELS.get(record.get());
        int fields = Byte.toUnsignedInt(record.get());
        EventTypeBuilder type = EventType.named(text(record)).level(level);
        for (int i = 0; i < fields; i++) {
            FieldKind kind = KINDS.get(record.get());
            String name = text(record);
            int count = Short.toUnsignedInt(record.getShort());
            List<String> labels = new ArrayList<>();
            for (int label = 0; label < count; label++) {
                labels.add(text(record));
            }
            if (kind == FieldKind.ENUM) {
                type.choice(name, labels);
            } else {
                type.field(name, kind);
            }
        }
        return type.build();
    }

    private static String text(ByteBuffer record) {
        byte[] bytes = new byte[Math.min(Short.toUnsignedInt(record.getShort()), record.remaining())];
        record.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Puts a type behind what was read.
    ///
    /// @param log all of it
    /// @return where the record ends
    /// @throws BufferOverflowException there is no room
    int putType(ByteBuffer log, int id, EventType type) {
        ByteBuffer record = log.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        record.clear().position(end);
        record.putInt(0).putInt(TYPE);
        record.putShort((short) id).put((byte) LEVELS.indexOf(type.level()));
        record.put((byte) type.fields().size());
        put(record, type.name());
        type.fields().forEach(field -> {
            record.put((byte) KINDS.indexOf(field.kind()));
            put(record, field.name());
            record.putShort((short) field.labels().size());
            field.labels().forEach(label -> put(record, label));
        });
        return finish(record);
    }

    /// Puts the name of a thread behind what was read.
    ///
    /// @param log all of it
    /// @return where the record ends
    /// @throws BufferOverflowException there is no room
    int putThread(ByteBuffer log, int number, String name) {
        ByteBuffer record = log.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        record.clear().position(end);
        record.putInt(0).putInt(THREAD).putInt(number);
        put(record, shortened(name));
        return finish(record);
    }

    private int finish(ByteBuffer record) {
        int last = record.position() + 7 & -8;
        while (record.position() < last) {
            record.put((byte) 0);
        }
        record.putInt(end, last - end);
        return last;
    }

    private static void put(ByteBuffer record, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        record.putShort((short) bytes.length).put(bytes);
    }

    // So many bytes in UTF-8, and no half of a character.
    private static String shortened(String name) {
        String text = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
        while (text.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }
}
