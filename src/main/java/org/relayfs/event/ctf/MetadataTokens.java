package org.relayfs.event.ctf;

/// The words of a text in TSDL, one after the other. One thread.
final class MetadataTokens {
    /// What a word is.
    enum Kind {
        NAME,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    private final String text;
    private int start;
    private int end;
    private Kind kind;

    MetadataTokens(String text) {
        this.text = text;
    }

    /// Goes to the next word; behind the last one it stays at the end.
    void next() throws CtfException {
        start = behindSpace(end);
        end = start;
        if (start == text.length()) {
            kind = Kind.END;
        } else if (isLetter(text.charAt(start))) {
            kind = Kind.NAME;
            while (end < text.length() && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)))) {
                end++;
            }
        } else if (isDigit(text.charAt(start))) {
            kind = Kind.NUMBER;
            while (end < text.length() && isDigit(text.charAt(end))) {
                end++;
            }
        } else if (text.charAt(start) == '"') {
            kind = Kind.TEXT;
            end = behindText(start + 1);
        } else {
            kind = Kind.SIGN;
            end = start + (text.startsWith(":=", start) ? 2 : 1);
        }
    }

    private int behindSpace(int from) throws CtfException {
        int at = from;
        while (at < text.length()) {
            if (text.charAt(at) == ' ' || text.charAt(at) == '\n') {
                at++;
            } else if (text.startsWith("/*", at)) {
                int close = text.indexOf("*/", at + 2);
                if (close < 0) {
                    throw wrong(at, "the comment has no end");
                }
                at = close + 2;
            } else {
                return at;
            }
        }
        return at;
    }

    private int behindText(int from) throws CtfException {
        int at = from;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length() || text.charAt(at) != '"') {
            throw wrong(start, "the text has no end");
        }
        return at + 1;
    }

    /// A dot is one: names of TSDL's scopes are one word here.
    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    Kind kind() {
        return kind;
    }

    /// {@return whether the word is this one}
    boolean is(String word) {
        return end - start == word.length() && text.startsWith(word, start);
    }

    /// {@return the word as it stands there}
    String word() {
        return text.substring(start, end);
    }

    /// {@return what a text in quotation marks means}
    String plain() throws CtfException {
        StringBuilder plain = new StringBuilder();
        int at = start + 1;
        while (at < end - 1) {
            char c = text.charAt(at);
            if (c != '\\') {
                plain.append(c);
                at++;
            } else if (isDigit(text.charAt(at + 1))) {
                plain.append(octal(at + 1));
                at += 4;
            } else if (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\') {
                plain.append(text.charAt(at + 1));
                at += 2;
            } else {
                throw wrong(at, "not an escape that is known");
            }
        }
        return plain.toString();
    }

    private char octal(int from) throws CtfException {
        int value = 0;
        for (int i = from; i < from + 3; i++) {
            // The quotation mark at the end is no digit, so this stays within the text.
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 7) {
                throw wrong(from - 1, "not an escape that is known");
            }
            value = value * 8 + digit;
        }
        return (char) value;
    }

    /// {@return the error that something is wrong with this word}
    CtfException wrong(String what) {
        return wrong(start, what);
    }

    private CtfException wrong(int at, String what) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new CtfException("metadata: line=" + line + ", column=" + (at - lineStart + 1) + ": " + what);
    }

    /// {@return the word for a message, not too long}
    String shown() {
        if (kind == Kind.END) {
            return "the end";
        }
        String word = text.substring(start, Math.min(end, start + 40));
        return word.chars().allMatch(c -> c >= ' ' && c <= '~') ? word : "bytes that are no text";
    }
}
