package org.relayfs.tree;

import java.util.ArrayList;
import java.util.List;
import org.relayfs.buffer.ChannelName;

/// The place of a relay file, as its channel's client has chosen it.
///
/// @param directory components of the directory
/// @param name      of the file
record FilePath(List<String> directory, String name) {
    private static final int MAX_NAME_LENGTH = 255;

    /// Reads what the client has said.
    ///
    /// @param text    a path from the root of the mount, which begins with a slash, or from the channel's directory
    /// @param channel components of the channel's name
    /// @return null when there can be no such file
    static FilePath of(String text, List<String> channel) {
        if (text == null) {
            return null;
        }
        int slash = text.lastIndexOf('/');
        String name = text.substring(slash + 1);
        List<String> directory = new ArrayList<>(text.startsWith("/") ? List.of() : channel);
        if (slash > 0) {
            String above = text.substring(text.startsWith("/") ? 1 : 0, slash);
            directory.addAll(List.of(above.split("/", -1)));
        }
        boolean valid = directory.stream().allMatch(component -> component.matches(ChannelName.COMPONENT));
        return valid && isFileName(name, directory.size()) ? new FilePath(directory, name) : null;
    }

    private static boolean isFileName(String name, int depth) {
        return !name.isEmpty()
                && name.length() + RelayFiles.PRODUCED.length() <= MAX_NAME_LENGTH
                && name.indexOf('\0') < 0
                && !name.startsWith(".")
                && !ReservedNames.isControlFile(depth, name);
    }
}
