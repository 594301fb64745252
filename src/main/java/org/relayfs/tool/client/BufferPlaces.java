package org.relayfs.tool.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The file `buffers` of a mount: which relay files a channel has, and where.
final class BufferPlaces {
    private static final int COLUMNS = 3;
    private static final int ESCAPED = 4;

    private BufferPlaces() {}

    /// {@return the paths of a channel's relay files, from the root of the mount, without a slash in front}
    ///
    /// @param table   what the file says
    /// @param channel its name
    static List<String> of(String table, String channel) {
        return table.lines()
                .skip(1)
                .map(line -> line.split(" ", COLUMNS))
                .filter(words -> words.length == COLUMNS && words[0].equals(channel))
                .map(words -> unescaped(words[2]).substring(1))
                .toList();
    }

    private static String unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + ESCAPED), 8));
                i += ESCAPED - 1;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
