package org.relayfs.tree;

import java.util.stream.Stream;
import org.relayfs.ChannelConfig;
import org.relayfs.tree.text.FileSettings;

/// The names that the files of a channel's buffers have, or may get when a CPU comes: a base with a number behind it,
/// or
/// alone, and each with the two counters.
///
/// @param base     the prefix
/// @param numbered false: the base is the name
record FilePattern(String base, boolean numbered) {
    static FilePattern of(FileSettings files) {
        return new FilePattern(files.base(), files.numbered());
    }

    static FilePattern of(ChannelConfig config) {
        return new FilePattern(config.baseName(), config.numberedFiles());
    }

    /// @return true for a name that it has or may get
    boolean matches(String name) {
        return name.startsWith(base)
                && name.substring(base.length())
                        .matches((numbered ? "[0-9]+" : "") + "(\\" + RelayFiles.PRODUCED + "|\\" + RelayFiles.CONSUMED
                                + ")?");
    }

    /// @return true when there is a name that both may have
    boolean overlaps(FilePattern other) {
        if (numbered && other.numbered) {
            return isWithDigits(base, other.base) || isWithDigits(other.base, base);
        }
        FilePattern one = numbered ? other : this;
        FilePattern another = numbered ? this : other;
        return Stream.of("", RelayFiles.PRODUCED, RelayFiles.CONSUMED)
                .anyMatch(suffix -> another.matches(one.base + suffix));
    }

    private static boolean isWithDigits(String start, String text) {
        return text.startsWith(start) && text.substring(start.length()).matches("[0-9]*");
    }

    /// @return the names, as people write them
    String text() {
        return numbered ? base + "N" : base;
    }
}
