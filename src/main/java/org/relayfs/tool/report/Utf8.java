package org.relayfs.tool.report;

import java.nio.charset.StandardCharsets;

/// Texts in events: UTF-8 that may be anything.
final class Utf8 {
    /// What is put in the place of characters that stand for themselves nowhere.
    interface Escape {
        /// @return whether it has appended something for this character
        boolean append(char c, StringBuilder text);
    }

    private Utf8() {}

    static void append(byte[] bytes, int start, int length, Escape escape, StringBuilder text) {
        int end = start + length;
        for (int i = start; i < end; i++) {
            if (bytes[i] < 0) {
                append(new String(bytes, i, end - i, StandardCharsets.UTF_8), escape, text);
                return;
            }
            if (!escape.append((char) bytes[i], text)) {
                text.append((char) bytes[i]);
            }
        }
    }

    static void append(String plain, Escape escape, StringBuilder text) {
        for (int i = 0; i < plain.length(); i++) {
            if (!escape.append(plain.charAt(i), text)) {
                text.append(plain.charAt(i));
            }
        }
    }
}
