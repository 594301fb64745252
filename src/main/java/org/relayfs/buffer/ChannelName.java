package org.relayfs.buffer;

import java.util.List;
import java.util.regex.Pattern;

/// The name of a channel: the path of its directory, components joined by `/`. Immutable; what exists obeys the
/// grammar.
public final class ChannelName {
    /// The grammar of a component, and of the base name of a channel's files.
    public static final String COMPONENT = "[A-Za-z0-9_][A-Za-z0-9._-]{0,63}";

    /// Characters that a component can have.
    public static final int MAX_COMPONENT_LENGTH = 64;

    private static final int MAX_LENGTH = 1024;
    private static final Pattern COMPONENT_PATTERN = Pattern.compile(COMPONENT);

    private final String text;
    private final List<String> components;

    private ChannelName(String text) {
        this.text = text;
        this.components = List.of(text.split("/", -1));
    }

    /// Reads a name.
    ///
    /// @param text components joined by slashes
    /// @return the name
    /// @throws IllegalArgumentException it is not one; the message names value, limit and remedy
    public static ChannelName of(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "name: length=" + text.length() + ", limit=" + MAX_LENGTH + "; choose a shorter name");
        }
        ChannelName name = new ChannelName(text);
        name.components.forEach(component -> requireComponent("name", component));
        return name;
    }

    /// Checks a component, or a base name.
    ///
    /// @param what what it is, for the message
    /// @param text the text
    /// @throws IllegalArgumentException it is not one; the message names value, limit and remedy
    public static void requireComponent(String what, String text) {
        if (!COMPONENT_PATTERN.matcher(text).matches()) {
            throw new IllegalArgumentException(what + ": value=\"" + text + "\", limit=" + COMPONENT
                    + " for each component; use letters, digits, '_', '-' and '.'");
        }
    }

    /// {@return its parts, from the root down}
    public List<String> components() {
        return components;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelName name && name.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /// {@return the components joined by slashes}
    @Override
    public String toString() {
        return text;
    }
}
