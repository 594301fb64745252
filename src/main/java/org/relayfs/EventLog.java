package org.relayfs;

import java.util.List;
import org.relayfs.buffer.WriteResult;
import org.relayfs.event.EventType;
import org.relayfs.event.Field;
import org.relayfs.event.FieldKind;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.ring.EventTypes;

/// Logs events of one type into a channel. Nothing is allocated; a type that is switched off costs a load.
///
/// What is logged goes to the current CPU's buffer. The results are those of a write: the length of the payload, or
/// one of [WriteResult], which is [WriteResult#DISABLED] while the type is switched off, too. Any thread.
public final class EventLog {
    private static final int LANES = 64;

    private final Events events;
    private final EventTypes types;
    private final EventType type;
    private final int id;
    private final int words;
    // By CurrentCpu.threadNumber. Used by its thread alone.
    private final EventBuilder[] builders = new EventBuilder[LANES];
    private final EventBuilder off;

    EventLog(Events events, EventTypes types, int id, EventType type) {
        this.events = events;
        this.types = types;
        this.id = id;
        this.type = type;
        this.words = words(type.fields());
        this.off = new EventBuilder(this, false);
    }

    // How many numbers of 64 bits are all of its fields; -1 when there are others.
    private static int words(List<Field> fields) {
        boolean all = fields.stream().allMatch(field -> field.kind() == FieldKind.I64 || field.kind() == FieldKind.U64);
        return all ? fields.size() : -1;
    }

    /// {@return the type}
    public EventType type() {
        return type;
    }

    /// {@return its number in this channel, 16 to 4095}
    public int id() {
        return id;
    }

    /// {@return false while the type is switched off, by its name or its level}
    public boolean isEnabled() {
        return types.isOn(id);
    }

    /// Logs an event of a type without fields.
    ///
    /// @return 0, or one of [WriteResult]
    /// @throws IllegalArgumentException the type has fields
    public int log() {
        if (!types.isOn(id)) {
            return WriteResult.DISABLED;
        }
        return words == 0 ? events.log(id, NOTHING, 0) : refuse("none");
    }

    private static final byte[] NOTHING = new byte[0];

    /// Logs an event of a type whose only field is an [FieldKind#I64] or [FieldKind#U64].
    ///
    /// @param first value
    /// @return 8, or one of [WriteResult]
    /// @throws IllegalArgumentException the type has other fields
    public int log(long first) {
        if (!types.isOn(id)) {
            return WriteResult.DISABLED;
        }
        return words == 1 ? events.log(id, first) : refuse("one of 64 bits");
    }

    /// Logs an event of a type whose fields are two of [FieldKind#I64] and [FieldKind#U64].
    ///
    /// @param first  value
    /// @param second value
    /// @return 16, or one of [WriteResult]
    /// @throws IllegalArgumentException the type has other fields
    public int log(long first, long second) {
        if (!types.isOn(id)) {
            return WriteResult.DISABLED;
        }
        return words == 2 ? events.log(id, first, second) : refuse("two of 64 bits");
    }

    private int refuse(String given) {
        throw new IllegalArgumentException("fields: event=" + type + ", given=" + given);
    }

    /// Begins an event. Its fields follow in their order, then [EventBuilder#commit()].
    ///
    /// @return takes the fields; the calling thread's own, so not to be kept. Of a type that is switched off, one
    ///     that takes them for nothing
    public EventBuilder begin() {
        if (!types.isOn(id)) {
            return off;
        }
        long thread = CurrentCpu.threadNumber(CurrentCpu.here());
        EventBuilder builder = thread < LANES ? builders[(int) thread] : null;
        if (builder == null || builder.isOpen()) {
            builder = new EventBuilder(this, true);
            if (thread < LANES) {
                builders[(int) thread] = builder;
            }
        }
        return builder.open();
    }

    int commit(byte[] payload, int length, long timeoutNs) throws InterruptedException {
        return events.log(id, payload, length, timeoutNs);
    }

    int commit(byte[] payload, int length) {
        return events.log(id, payload, length);
    }
}
