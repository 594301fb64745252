package org.relayfs.event;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// A field of an event type; immutable.
///
/// @param name   a letter, then letters, digits and `_`, 1 to 63 of them, all ASCII
/// @param kind   what it holds
/// @param labels of [FieldKind#ENUM], 1 to 4096, without duplicates: what its values 0, 1, … are called, 1 to 63
///     printable ASCII characters without `"` and `\`; of all others, none
public record Field(String name, FieldKind kind, List<String> labels) {
    private static final int MAX_LABELS = 4096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");
    private static final Pattern LABEL = Pattern.compile("[ -~&&[^\"\\\\]]{1,63}");

    /// Checks what it is made of.
    ///
    /// @throws IllegalArgumentException a name or a label is none, or there are too few or too many labels
    public Field {
        labels = List.copyOf(labels);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("field name: name=" + name
                    + ", limit=1..63 letters, digits and _, beginning with a letter; choose another");
        }
        int least = kind == FieldKind.ENUM ? 1 : 0;
        int most = kind == FieldKind.ENUM ? MAX_LABELS : 0;
        if (labels.size() < least || labels.size() > most) {
            throw new IllegalArgumentException(
                    "labels: field=" + name + ", count=" + labels.size() + ", limit=" + least + ".." + most);
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException("label: field=" + name + ", label=" + label
                        + ", limit=1..63 printable ASCII characters without \" and \\; choose another");
            }
        }
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("labels: field=" + name + ", labels=" + labels + "; one is there twice");
        }
    }

    /// A field of a kind without labels.
    ///
    /// @param name see above
    /// @param kind not [FieldKind#ENUM]
    /// @throws IllegalArgumentException not a name, or the kind needs labels
    public Field(String name, FieldKind kind) {
        this(name, kind, List.of());
    }
}
