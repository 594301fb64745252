package org.relayfs.event.perfetto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Names that are written once and have a number from then on: those of types, levels and fields, so there are not
/// many.
final class InternedNames {
    private static final int NUMBER = 1;
    private static final int NAME = 2;

    private final int field;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> added = new ArrayList<>();

    /// @param field of the message `InternedData`
    InternedNames(int field) {
        this.field = field;
    }

    /// {@return the number of a name; a new one is to be written with the same packet}
    int number(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        added.add(name);
        numbers.put(name, numbers.size() + 1);
        return numbers.size();
    }

    boolean hasNew() {
        return !added.isEmpty();
    }

    /// Writes the new ones.
    void write(ProtoWriter writer) {
        for (String name : added) {
            int entry = writer.begin(field);
            writer.number(NUMBER, numbers.get(name));
            writer.text(NAME, name);
            writer.end(entry);
        }
        added.clear();
    }
}
