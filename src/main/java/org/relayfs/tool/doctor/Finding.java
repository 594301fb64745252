package org.relayfs.tool.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.relayfs.tool.cli.ExitCode;

/// The result of one check of `doctor`.
///
/// @param level  how bad it is
/// @param what   it is about
/// @param text   how it is
/// @param remedy what to do about it, or null
record Finding(Level level, String what, String text, String remedy) {
    /// The severity.
    enum Level {
        OK("ok", ExitCode.OK),
        /// Works, but not as well as it could.
        NOTE("note", ExitCode.OK),
        /// A dead process has left it behind.
        LEFT("LEFT", ExitCode.LEFTOVERS),
        /// Prevents relayfs from working.
        BAD("BAD", ExitCode.SYSTEM);

        private final String word;
        private final int exitCode;

        Level(String word, int exitCode) {
            this.word = word;
            this.exitCode = exitCode;
        }

        String word() {
            return word;
        }

        int exitCode() {
            return exitCode;
        }
    }

    static Finding ok(String what, String text) {
        return new Finding(Level.OK, what, text, null);
    }

    static Finding note(String what, String text, String remedy) {
        return new Finding(Level.NOTE, what, text, remedy);
    }

    static Finding left(String what, String text, String remedy) {
        return new Finding(Level.LEFT, what, text, remedy);
    }

    static Finding bad(String what, String text, String remedy) {
        return new Finding(Level.BAD, what, text, remedy);
    }

    /// The same, of something that keeps nothing from working.
    Finding asNote() {
        return new Finding(Level.NOTE, what, text, remedy);
    }

    /// For a program to read.
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("level", level.name().toLowerCase(Locale.ROOT));
        fields.put("what", what);
        fields.put("text", text);
        fields.put("remedy", remedy);
        return fields;
    }
}
