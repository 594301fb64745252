package org.relayfs.logging;

/// A JSON object of texts that is being made, without garbage. For one thread.
final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder();

    void add(String key, String value) {
        text.append(text.isEmpty() ? "{" : ",");
        string(key);
        text.append(':');
        if (value == null) {
            text.append("null");
        } else {
            string(value);
        }
    }

    private void string(String value) {
        text.append('"');
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (unit == '"' || unit == '\\' || unit < ' ') {
                text.append(value, from, i);
                escape(unit);
                from = i + 1;
            }
        }
        text.append(value, from, value.length()).append('"');
    }

    private void escape(char unit) {
        if (unit == '"' || unit == '\\') {
            text.append('\\').append(unit);
        } else {
            text.append("\\u00").append(HEX.charAt(unit >> 4)).append(HEX.charAt(unit & 0xF));
        }
    }

    /// {@return the object; nothing when it is empty}
    CharSequence end() {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '}') {
            text.append('}');
        }
        return text;
    }

    void clear() {
        LogEntry.empty(text);
    }
}
