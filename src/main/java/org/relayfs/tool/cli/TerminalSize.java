package org.relayfs.tool.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.relayfs.linux.FileCalls;

/// The current size of a terminal.
///
/// @param rows    lines
/// @param columns characters in a line
public record TerminalSize(int rows, int columns) {
    private static final long TIOCGWINSZ = 0x5413;

    private static final int USUAL_COLUMNS = 80;

    /// {@return how wide a line of the standard output may be; without limit when that is no terminal}
    public static int columnsOfOutput() {
        return Terminal.is(Terminal.OUT)
                ? of(Terminal.OUT).map(TerminalSize::columns).orElse(USUAL_COLUMNS)
                : Integer.MAX_VALUE;
    }

    /// Asks a terminal.
    ///
    /// @param descriptor of a terminal
    /// @return its size, if it is one that knows it
    public static Optional<TerminalSize> of(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
            boolean known = FileCalls.ioctl(descriptor, TIOCGWINSZ, size) == 0;
            int rows = size.getAtIndex(ValueLayout.JAVA_SHORT, 0);
            int columns = size.getAtIndex(ValueLayout.JAVA_SHORT, 1);
            return known && rows > 0 && columns > 0 ? Optional.of(new TerminalSize(rows, columns)) : Optional.empty();
        }
    }
}
