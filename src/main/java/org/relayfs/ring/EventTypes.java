package org.relayfs.ring;

import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.Level;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.TypesFile;
import org.relayfs.memory.MappedFile;
import org.relayfs.memory.MomentaryLock;
import org.relayfs.memory.ReadOnlyFile;

/// The types of a channel's events, in its file `types`, which all of its processes have mapped. One at a time adds to
/// the log, under a lock on the file, and shows what it has added by one store at the end: whoever is killed before has
/// added nothing. Thread-safe.
public final class EventTypes {
    /// The name of the file.
    public static final String FILE = "types";

    private static final int PAGE = 4096;
    private static final List<Level> LEVELS = List.of(Level.values());

    private final MappedFile file;
    private final ByteBuffer bytes;
    private final TypeLog log = new TypeLog();

    private EventTypes(MappedFile file) {
        this.file = file;
        this.bytes =
                file.memory().asSlice(TypesFile.LOG_OFFSET, TypesFile.LOG_SIZE).asByteBuffer();
    }

    /// Makes the file of a new channel.
    ///
    /// @param channel folder of the channel
    /// @throws IOException it cannot be made
    static EventTypes create(Path channel) throws IOException {
        MappedFile file = MappedFile.create(channel.resolve(FILE), TypesFile.SIZE, TypesFile.COUNTS_OFFSET);
        TypesFile.versionRelease(file.address());
        return new EventTypes(file);
    }

    /// Opens the file of a channel.
    ///
    /// @param channel folder of the channel
    /// @throws IOException it is missing, too short, or of another layout
    static EventTypes open(Path channel) throws IOException {
        MappedFile file = MappedFile.open(channel.resolve(FILE), TypesFile.SIZE);
        long version = TypesFile.versionAcquire(file.address());
        if (version != TypesFile.LAYOUT_VERSION) {
            throw new IOException(file.path() + ": version=" + version + ", known here=" + TypesFile.LAYOUT_VERSION);
        }
        return new EventTypes(file);
    }

    /// Checks what a dead owner has left. What somebody has cut off and put back gets memory.
    ///
    /// @throws IOException it is damaged, or there is no memory
    void requireIntact() throws IOException {
        file.reserve(0, TypesFile.COUNTS_OFFSET);
        long end = TypesFile.logEndAcquire(file.address());
        long level = TypesFile.levelVolatile(file.address());
        if (end < 0 || end > TypesFile.LOG_SIZE || level < 0 || level >= LEVELS.size()) {
            throw new IOException(file.path() + ": damaged: log=" + end + ", limit=" + TypesFile.LOG_SIZE + "; level="
                    + level + ", limit=" + (LEVELS.size() - 1));
        }
        if (end > 0) {
            file.reserve(TypesFile.LOG_OFFSET, end);
        }
        synchronized (this) {
            readOn();
            requireWhole();
        }
    }

    long address() {
        return file.address();
    }

    void reserve(long offset, long length) throws IOException {
        file.reserve(offset, length);
    }

    void markRemoved() {
        file.markRemoved();
    }

    void discard() {
        file.discard();
    }

    /// {@return true while events of a type are to be logged}
    ///
    /// @param id of the type
    public boolean isOn(int id) {
        return TypesFile.switchOpaque(file.address(), id) == 0;
    }

    /// {@return all that are registered now, by their ids}
    public synchronized SortedMap<Integer, EventType> types() {
        readOn();
        return new TreeMap<>(log.types());
    }

    /// {@return the names of threads, by the unsigned numbers that events have}
    public synchronized SortedMap<Long, String> threads() {
        readOn();
        return new TreeMap<>(log.threads());
    }

    private void readOn() {
        log.read(bytes, TypesFile.logEndAcquire(file.address()));
    }

    /// Registers a type, unless that has been done by any process.
    ///
    /// @param type of events
    /// @return its id
    /// @throws IllegalArgumentException another type has the name, or is built in
    /// @throws IOException there are too many types, or the file cannot be changed
    public synchronized int register(EventType type) throws IOException {
        Optional<Integer> known = find(type);
        if (known.isPresent()) {
            return known.get();
        }
        try (MomentaryLock _ = MomentaryLock.take(file.path())) {
            known = find(type);
            if (known.isPresent()) {
                return known.get();
            }
            requireWhole();
            int id = BuiltInType.FIRST_OF_PROGRAMS + log.types().size();
            if (id == TypesFile.IDS) {
                throw new IOException(file.path() + ": types: count="
                        + log.types().size() + ", limit=" + (TypesFile.IDS - BuiltInType.FIRST_OF_PROGRAMS));
            }
            TypesFile.setSwitchOpaque(file.address(), id, isBelowLevel(type) ? TypesFile.BELOW_LEVEL : 0);
            add(() -> log.putType(room(typeLength(type)), id, type));
            return id;
        }
    }

    // More than a definition can take.
    static int typeLength(EventType type) {
        return 1024
                + type.fields().stream()
                        .mapToInt(field -> 80 + field.labels().size() * 66)
                        .sum();
    }

    private Optional<Integer> find(EventType type) {
        readOn();
        for (BuiltInType builtIn : BuiltInType.values()) {
            if (builtIn.type().name().equals(type.name())) {
                throw new IllegalArgumentException("event name: name=" + type.name() + " is built in; choose another");
            }
        }
        Integer id = log.idOf(type.name());
        EventType other = id == null ? type : log.types().get(id);
        if (!other.equals(type)) {
            throw new IllegalArgumentException("event type: " + type + " at " + type.level() + " has the name of "
                    + other + " at " + other.level() + "; choose another");
        }
        return Optional.ofNullable(id);
    }

    private interface Addition {
        int put() throws IOException;
    }

    private void requireWhole() throws IOException {
        long end = TypesFile.logEndAcquire(file.address());
        if (log.end() != end) {
            throw new IOException(file.path() + ": damaged: log=" + end + ", readable=" + log.end());
        }
    }

    private void add(Addition addition) throws IOException {
        try {
            TypesFile.setLogEndRelease(file.address(), addition.put());
        } catch (BufferOverflowException e) {
            throw new IOException(
                    file.path() + ": no room for another type: bytes=" + log.end() + ", limit=" + TypesFile.LOG_SIZE,
                    e);
        }
        readOn();
    }

    // The memory for a record behind the log, so that no store meets a full tmpfs.
    private ByteBuffer room(int length) throws IOException {
        long from = TypesFile.LOG_OFFSET + (long) log.end() & -PAGE;
        long to = Math.min(TypesFile.LOG_OFFSET + (long) log.end() + length + PAGE - 1 & -PAGE, TypesFile.SIZE);
        file.reserve(from, to - from);
        return bytes;
    }

    /// Tells what a thread is called, if there is room.
    ///
    /// @param number of the thread
    /// @param name   of it
    synchronized void name(int number, String name) {
        readOn();
        if (name.isEmpty() || log.isFullOfThreads() || name.equals(log.threads().get(Integer.toUnsignedLong(number)))) {
            return;
        }
        try (MomentaryLock _ = MomentaryLock.take(file.path())) {
            readOn();
            requireWhole();
            add(() -> log.putThread(room(128), number, name));
        } catch (IOException e) {
            // Its events are there all the same.
        }
    }

    private boolean isBelowLevel(EventType type) {
        return type.level().compareTo(level()) < 0;
    }

    /// {@return the least level of the types that are on}
    public Level level() {
        return LEVELS.get(Math.clamp(TypesFile.levelVolatile(file.address()), 0, LEVELS.size() - 1));
    }

    /// Switches types off that are below a level, those registered later, too, and all others on, unless they were
    /// switched off by name.
    ///
    /// @param level the least that is on
    /// @throws IOException the file cannot be locked
    public synchronized void setLevel(Level level) throws IOException {
        try (MomentaryLock _ = MomentaryLock.take(file.path())) {
            TypesFile.setLevelVolatile(file.address(), LEVELS.indexOf(level));
            readOn();
            log.types().forEach((id, type) -> {
                long off = TypesFile.switchOpaque(file.address(), id) & TypesFile.OFF;
                TypesFile.setSwitchOpaque(file.address(), id, off | (isBelowLevel(type) ? TypesFile.BELOW_LEVEL : 0));
            });
        }
    }

    /// Switches a type on, whatever its level, or off.
    ///
    /// @param id of the type
    /// @param on true to log its events
    /// @throws IOException the file cannot be locked
    public synchronized void setOn(int id, boolean on) throws IOException {
        try (MomentaryLock _ = MomentaryLock.take(file.path())) {
            TypesFile.setSwitchOpaque(file.address(), id, on ? 0 : TypesFile.OFF);
        }
    }

    /// {@return how many events of each type were logged, by id}
    ///
    /// @throws IOException the file is gone or too short
    public long[] counts() throws IOException {
        int ids = BuiltInType.FIRST_OF_PROGRAMS + types().size();
        long[] sums = new long[ids];
        // By copies: a look at a row through the mapping would give it memory.
        ByteBuffer row = ByteBuffer.allocate(ids * Long.BYTES).order(ByteOrder.nativeOrder());
        try (ReadOnlyFile copy = ReadOnlyFile.open(file.path())) {
            for (int i = 0; i < InFlightTable.ENTRIES; i++) {
                if (!copy.read(row.clear(), TypesFile.COUNTS_OFFSET + (long) i * TypesFile.ROW_SIZE)) {
                    throw new IOException(file.path() + ": too short");
                }
                for (int id = 0; id < ids; id++) {
                    sums[id] += row.getLong(id * Long.BYTES);
                }
            }
        }
        return sums;
    }
}
