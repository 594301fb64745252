package org.relayfs.event.ctf;

import java.util.Arrays;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.Field;
import org.relayfs.event.FieldKind;

/// The types of a trace by their numbers, and the sizes that their payloads can have. One thread.
public final class TypeTable {
    static final int LOST = 0;
    static final int TEXT = 1;
    static final int SUB_BUFFER = 2;
    static final int BYTES = 3;

    private CtfMetadata metadata;
    private final int[] least = new int[CtfMetadata.MAX_TYPE + 1];
    private final int[] most = new int[CtfMetadata.MAX_TYPE + 1];

    /// Has those of a trace.
    ///
    /// @param metadata of the trace
    public TypeTable(CtfMetadata metadata) {
        update(metadata);
    }

    /// Has more types, after programs have registered some.
    ///
    /// @param changed of the trace
    public void update(CtfMetadata changed) {
        metadata = changed;
        Arrays.fill(most, Integer.MAX_VALUE);
        setSizes(SUB_BUFFER, BuiltInType.SUB_BUFFER.type());
        metadata.types().forEach(this::setSizes);
    }

    private void setSizes(int id, EventType type) {
        int sum = 0;
        boolean isFixed = true;
        for (Field field : type.fields()) {
            isFixed &= field.kind().size() != FieldKind.VARIABLE;
            sum += leastSize(field.kind());
        }
        least[id] = sum;
        most[id] = isFixed ? sum : Integer.MAX_VALUE;
    }

    private static int leastSize(FieldKind kind) {
        return switch (kind) {
            case STRING -> 1;
            case BYTES -> Integer.BYTES;
            default -> kind.size();
        };
    }

    /// {@return whether an event of this type can have so many bytes; of a type that is not known, any number}
    boolean fits(int id, int size) {
        return size >= least[id] && size <= most[id];
    }

    /// {@return a type, or null}
    ///
    /// @param id its number, 0 to 4095
    public EventType type(int id) {
        return metadata.type(id);
    }

    /// {@return what the trace says of itself}
    public CtfMetadata metadata() {
        return metadata;
    }
}
