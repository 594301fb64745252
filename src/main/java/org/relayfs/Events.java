package org.relayfs;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.relayfs.buffer.WriteResult;
import org.relayfs.event.EventType;
import org.relayfs.event.Level;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.ring.EventTypes;
import org.relayfs.ring.EventWriter;
import org.relayfs.ring.RecordWriter;
import org.relayfs.ring.RingBuffer;
import org.relayfs.ring.Slots;
import org.relayfs.ring.TimedWrite;

/// The events of a channel: its types, and the logs through which a program writes events of them.
///
/// ```java
/// static final EventType REQUEST = EventType.named("request")
///         .field("id", FieldKind.I64)
///         .field("bytes", FieldKind.I64)
///         .build();
///
/// EventLog request = channel.events().register(REQUEST); // once
/// request.log(id, bytes);
/// ```
///
/// Types are in shared memory: a type that another process of the channel has registered is the same. Any thread.
public final class Events {
    private final EventTypes types;
    private final IntFunction<RingBuffer> missing;
    private final EventMetadata metadata;
    // That of the present generation. Read without any order, as in [RelayChannel].
    private EventWriter writer;

    /// @param types   of the channel
    /// @param writer  of the present generation
    /// @param missing finds a buffer for a slot that has none, or null
    /// @param name    of the channel, or null
    Events(EventTypes types, RecordWriter writer, IntFunction<RingBuffer> missing, Supplier<String> name) {
        this.types = types;
        this.missing = missing;
        this.metadata = new EventMetadata(types, name);
        this.writer = writer.events();
    }

    static Events require(Events events, String channel) {
        if (events == null) {
            throw new IllegalStateException(
                    "channel " + channel + ": it holds records, not events; create it with format=events");
        }
        return events;
    }

    void moveTo(RecordWriter next) {
        writer = next.events();
    }

    /// Makes a type known to all who use or read the channel, unless that was done before, by whichever process.
    /// Takes a lock among processes, for a moment.
    ///
    /// @param type of events
    /// @return through which events of the type are logged: to be kept
    /// @throws IllegalArgumentException another type of the channel has the name
    /// @throws IOException the channel is closed, has 4080 types, or no room for what describes another one
    public EventLog register(EventType type) throws IOException {
        return new EventLog(this, types, types.register(type), type);
    }

    /// Makes the type of a record class known, see [EventType#of(Class)], and logs instances of it:
    ///
    /// ```java
    /// record Request(long id, int status, String path) {}
    ///
    /// RecordLog<Request> requests = channel.events().register(MethodHandles.lookup(), Request.class); // once
    /// requests.log(new Request(17, 200, "/"));
    /// ```
    ///
    /// @param <R>    the class
    /// @param lookup sees the accessors of the class
    /// @param events the class
    /// @return through which events of the type are logged: to be kept
    /// @throws IllegalArgumentException the class cannot be a type, the lookup does not see it, or another type
    ///     of the channel has the name
    /// @throws IOException as for [#register(EventType)]
    public <R extends Record> RecordLog<R> register(MethodHandles.Lookup lookup, Class<R> events) throws IOException {
        return new RecordLog<>(register(EventType.of(events)), lookup, events);
    }

    /// {@return the types that were registered, by their numbers}
    public SortedMap<Integer, EventType> types() {
        return types.types();
    }

    /// {@return the least level whose types are on; [Level#TRACE] at first}
    public Level level() {
        return types.level();
    }

    /// Switches the types of lower levels off, in all processes, and all others on, except those that were switched
    /// off by [#setOn].
    ///
    /// @param level the least that is on
    /// @throws IOException the channel is closed
    public void setLevel(Level level) throws IOException {
        types.setLevel(level);
    }

    /// Switches a type on, whatever its level, or off, in all processes.
    ///
    /// @param name of a registered type
    /// @param on   true to log its events
    /// @throws IllegalArgumentException there is no type of that name
    /// @throws IOException the channel is closed
    public void setOn(String name, boolean on) throws IOException {
        for (Map.Entry<Integer, EventType> type : types.types().entrySet()) {
            if (type.getValue().name().equals(name)) {
                types.setOn(type.getKey(), on);
                return;
            }
        }
        throw new IllegalArgumentException("event: name=" + name + ", limit=a registered type");
    }

    /// {@return true when events of a type are logged}
    ///
    /// @param id of a registered type
    public boolean isOn(int id) {
        return types.isOn(checked(id));
    }

    private static int checked(int id) {
        if (id < 0 || id > 4095) {
            throw new IllegalArgumentException("event: id=" + id + ", limit=0..4095");
        }
        return id;
    }

    /// {@return how many events of each type were logged, by its number, by all processes; those in the making may be
    /// left out}
    ///
    /// @throws IOException the channel is closed
    public long[] counts() throws IOException {
        return types.counts();
    }

    /// {@return the names of threads that have logged, by the unsigned numbers that their events have: of the first
    /// 4096, 64 bytes}
    public SortedMap<Long, String> threads() {
        return types.threads();
    }

    /// {@return the CTF 1.8 metadata of all types that are known now, for raw streams of events: what the file
    /// `metadata`
    /// holds}
    public String metadata() {
        return metadata.text();
    }

    /// {@return bytes that the fields of an event may have together at present; a longer event is refused as
    /// [WriteResult#TOO_BIG]}
    public int maxPayload() {
        return writer.mostPayload();
    }

    int log(int id, byte[] payload, int length, long timeoutNs) throws InterruptedException {
        long here = CurrentCpu.here();
        EventWriter to = writer;
        int slot = Slots.of((int) here, to.slots());
        int result = to.writeAtOnce(slot, CurrentCpu.threadNumber(here), id, payload, 0, length);
        if (result != RecordWriter.NOT_YET && result != RecordWriter.NO_BUFFER) {
            return result;
        }
        RingBuffer buffer = result == RecordWriter.NO_BUFFER ? missing.apply(slot) : to.buffer(slot);
        return buffer == null ? WriteResult.CLOSED : TimedWrite.write(buffer, id, payload, 0, length, timeoutNs);
    }

    int log(int id, byte[] payload, int length) {
        long here = CurrentCpu.here();
        EventWriter to = writer;
        int slot = Slots.of((int) here, to.slots());
        int result = to.write(slot, CurrentCpu.threadNumber(here), id, payload, 0, length);
        if (result != RecordWriter.NO_BUFFER) {
            return result;
        }
        RingBuffer other = missing.apply(slot);
        return other == null
                ? WriteResult.CLOSED
                : EventWriter.of(other).write(0, CurrentCpu.threadNumber(here), id, payload, 0, length);
    }

    int log(int id, long first) {
        long here = CurrentCpu.here();
        EventWriter to = writer;
        int slot = Slots.of((int) here, to.slots());
        int result = to.log(slot, CurrentCpu.threadNumber(here), id, first);
        if (result != RecordWriter.NO_BUFFER) {
            return result;
        }
        RingBuffer other = missing.apply(slot);
        return other == null
                ? WriteResult.CLOSED
                : EventWriter.of(other).log(0, CurrentCpu.threadNumber(here), id, first);
    }

    int log(int id, long first, long second) {
        long here = CurrentCpu.here();
        EventWriter to = writer;
        int slot = Slots.of((int) here, to.slots());
        int result = to.log(slot, CurrentCpu.threadNumber(here), id, first, second);
        if (result != RecordWriter.NO_BUFFER) {
            return result;
        }
        RingBuffer other = missing.apply(slot);
        return other == null
                ? WriteResult.CLOSED
                : EventWriter.of(other).log(0, CurrentCpu.threadNumber(here), id, first, second);
    }
}
