package org.relayfs.tree.text;

import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The limits of names that come from outside, beside their grammar: at most 8 components and at most 255 bytes in all.
/// The API allows more.
public final class NameLimits {
    /// Bytes of a name.
    public static final int MAX_LENGTH = 255;

    /// Components of a name.
    public static final int MAX_DEPTH = 8;

    private NameLimits() {}

    /// Reads a channel's name.
    ///
    /// @param text what was written
    /// @return the name
    /// @throws ErrnoException ENAMETOOLONG, EINVAL
    public static ChannelName parse(String text) throws ErrnoException {
        requireAtMost("name: length=", text.length(), MAX_LENGTH, "; choose a shorter name");
        String[] components = text.split("/", -1);
        requireAtMost("name: depth=", components.length, MAX_DEPTH, "; nest fewer directories");
        for (String component : components) {
            requireLength("name", component);
        }
        try {
            return ChannelName.of(text);
        } catch (IllegalArgumentException refused) {
            throw new ErrnoException(Errno.EINVAL, refused.getMessage());
        }
    }

    static String component(String what, String text) throws ErrnoException {
        requireLength(what, text);
        try {
            ChannelName.requireComponent(what, text);
        } catch (IllegalArgumentException refused) {
            throw new ErrnoException(Errno.EINVAL, refused.getMessage());
        }
        return text;
    }

    private static void requireLength(String what, String component) throws ErrnoException {
        requireAtMost(
                what + ": length=",
                component.length(),
                ChannelName.MAX_COMPONENT_LENGTH,
                " for a component; choose a shorter name");
    }

    private static void requireAtMost(String what, int value, int limit, String remedy) throws ErrnoException {
        if (value > limit) {
            throw new ErrnoException(Errno.ENAMETOOLONG, what + value + ", limit=" + limit + remedy);
        }
    }
}
