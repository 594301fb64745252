package org.relayfs.tree;

import java.util.List;
import java.util.regex.Pattern;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The grammar of channel names: components `[A-Za-z0-9_][A-Za-z0-9._-]{0,63}` joined by `/`, at most 8 of them and at
/// most 255 bytes in all. The API allows any depth and length; these bounds are for names that come from outside.
final class ChannelName {
    static final int MAX_COMPONENT_LENGTH = 64;
    static final int MAX_LENGTH = 255;
    static final int MAX_DEPTH = 8;

    private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    private ChannelName() {}

    /// @return the components of a name that obeys the grammar
    static List<String> parse(String name) throws ErrnoException {
        if (name.length() > MAX_LENGTH) {
            throw new ErrnoException(
                    Errno.ENAMETOOLONG,
                    "name: length=" + name.length() + ", limit=" + MAX_LENGTH + "; choose a shorter name");
        }
        List<String> components = List.of(name.split("/", -1));
        if (components.size() > MAX_DEPTH) {
            throw new ErrnoException(
                    Errno.ENAMETOOLONG,
                    "name: depth=" + components.size() + ", limit=" + MAX_DEPTH + "; nest fewer directories");
        }
        for (String component : components) {
            checkComponent("name", component);
        }
        return components;
    }

    static void checkComponent(String what, String text) throws ErrnoException {
        if (text.length() > MAX_COMPONENT_LENGTH) {
            throw new ErrnoException(
                    Errno.ENAMETOOLONG,
                    what + ": length=" + text.length() + ", limit=" + MAX_COMPONENT_LENGTH
                            + " for a component; choose a shorter name");
        }
        if (!COMPONENT.matcher(text).matches()) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    what + ": value=\"" + text + "\", limit=[A-Za-z0-9_][A-Za-z0-9._-]{0,63}"
                            + " for each component; use letters, digits, '_', '-' and '.'");
        }
    }
}
