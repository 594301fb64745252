package org.relayfs.tool.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The terminal, if output goes to one, and the ways in which output may look there.
public final class Terminal {
    public static final int OUT = 1;
    public static final int ERR = 2;

    public static final String CLEAR_TO_END_OF_LINE = "\033[K";
    public static final String CLEAR_BELOW = "\033[J";
    public static final String HOME = "\033[H";

    private static final String BOLD = "\033[1m";
    private static final String RED = "\033[31m";
    private static final String GREEN = "\033[32m";
    private static final String YELLOW = "\033[33m";
    private static final String PLAIN = "\033[0m";

    private Terminal() {}

    /// Follows the link of the descriptor, which takes no native call.
    public static boolean is(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /// Colours are for terminals, unless the user says otherwise; see no-color.org.
    public static boolean hasColours(int descriptor) {
        String wish = System.getenv("NO_COLOR");
        return (wish == null || wish.isEmpty()) && !"dumb".equals(System.getenv("TERM")) && is(descriptor);
    }

    public static String bold(String text, boolean coloured) {
        return coloured ? BOLD + text + PLAIN : text;
    }

    public static String red(String text, boolean coloured) {
        return coloured ? RED + text + PLAIN : text;
    }

    public static String green(String text, boolean coloured) {
        return coloured ? GREEN + text + PLAIN : text;
    }

    public static String yellow(String text, boolean coloured) {
        return coloured ? YELLOW + text + PLAIN : text;
    }
}
