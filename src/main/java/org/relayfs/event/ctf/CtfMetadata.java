package org.relayfs.event.ctf;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;

/// What the file `metadata` of a trace says.
///
/// @param form        of its streams
/// @param environment where it comes from
/// @param clock       of its timestamps
/// @param types       those that programs have registered, by their numbers
public record CtfMetadata(
        CtfForm form, CtfEnvironment environment, CtfClock clock, SortedMap<Integer, EventType> types) {
    /// The highest number of a type.
    public static final int MAX_TYPE = 4095;

    private static final List<BuiltInType> BUILT_IN = List.of(BuiltInType.values());

    /// Copies the types.
    ///
    /// @throws IllegalArgumentException a number of a type is out of range
    public CtfMetadata {
        types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
        if (!types.isEmpty() && (types.firstKey() < BuiltInType.FIRST_OF_PROGRAMS || types.lastKey() > MAX_TYPE)) {
            throw new IllegalArgumentException("types: first=" + types.firstKey() + ", last=" + types.lastKey()
                    + ", limit=" + BuiltInType.FIRST_OF_PROGRAMS + ".." + MAX_TYPE);
        }
    }

    /// Reads the text of such a file.
    ///
    /// @param text untrusted
    /// @return what it says
    /// @throws CtfException it is not one that [#text()] makes; the message names line and column
    public static CtfMetadata parse(String text) throws CtfException {
        return new MetadataParser(text).parse();
    }

    /// {@return the same of streams in packets}
    public CtfMetadata inPackets() {
        return new CtfMetadata(CtfForm.PACKETS, environment, clock, types);
    }

    /// {@return the lowest number of a program's type that is free}
    public int firstFree() {
        int free = BuiltInType.FIRST_OF_PROGRAMS;
        while (types.containsKey(free)) {
            free++;
        }
        return free;
    }

    /// {@return the text of the file}
    public String text() {
        return MetadataText.of(this);
    }

    /// {@return a type, built-in or not, or null}
    ///
    /// @param id its number
    public EventType type(int id) {
        return id >= 0 && id < BUILT_IN.size() ? BUILT_IN.get(id).type() : types.get(id);
    }
}
