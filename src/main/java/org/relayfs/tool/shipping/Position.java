package org.relayfs.tool.shipping;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;

/// How far a buffer was shipped.
///
/// @param subBuffer the first sub-buffer that was not shipped to its end
/// @param bytes     of it that were shipped
record Position(long subBuffer, long bytes) {
    static final Position START = new Position(0, 0);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18}) (\\d{1,18})");

    /// Reads what [#text()] makes.
    ///
    /// @param key  of the record that holds it
    /// @param text untrusted
    static Position parse(String key, byte[] text) {
        Matcher numbers = TEXT.matcher(new String(text, StandardCharsets.UTF_8));
        if (!numbers.matches()) {
            throw new KafkaException("position of " + key + ": \"" + new String(text, StandardCharsets.UTF_8)
                    + "\", limit=two numbers; somebody else writes to this topic: ship to another one");
        }
        return new Position(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)));
    }

    byte[] text() {
        return (subBuffer + " " + bytes).getBytes(StandardCharsets.UTF_8);
    }
}
