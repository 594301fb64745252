package org.relayfs.tool.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.relayfs.linux.FileCalls;

/// The mode of a terminal in which each key is read at once, and not shown. It is as it was before once this is closed,
/// and when the JVM ends without that.
final class KeyMode implements AutoCloseable {
    private static final int TERMINAL = 0;
    private static final Path STATUS = Path.of("/proc/self/stat");
    private static final int GROUP_FIELD = 2;

    private static final long TCGETS = 0x5401;
    private static final long TCSETS = 0x5402;
    private static final long TIOCGPGRP = 0x540F;

    /// `struct termios` of the kernel.
    private static final int SIZE = 36;

    private static final int LOCAL_FLAGS_OFFSET = 12;
    private static final int MIN_OFFSET = 23;
    private static final int TIME_OFFSET = 22;
    private static final int ICANON = 2;
    private static final int ECHO = 8;

    private final MemorySegment before = Arena.ofAuto().allocate(SIZE, Integer.BYTES);
    private final Thread hook = new Thread(this::restore, "relayfs-terminal");

    private KeyMode() {}

    /// {@return the mode, entered; nothing when the standard input is no terminal, or that of another job}
    static Optional<KeyMode> enter() {
        KeyMode mode = new KeyMode();
        // Whoever sets the mode of a terminal from the background is stopped.
        if (!isForeground() || FileCalls.ioctl(TERMINAL, TCGETS, mode.before) != 0) {
            return Optional.empty();
        }
        Runtime.getRuntime().addShutdownHook(mode.hook);
        mode.set();
        return Optional.of(mode);
    }

    private void set() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment keys = arena.allocate(SIZE, Integer.BYTES).copyFrom(before);
            int flags = keys.get(ValueLayout.JAVA_INT, LOCAL_FLAGS_OFFSET);
            keys.set(ValueLayout.JAVA_INT, LOCAL_FLAGS_OFFSET, flags & ~(ICANON | ECHO));
            keys.set(ValueLayout.JAVA_BYTE, MIN_OFFSET, (byte) 1);
            keys.set(ValueLayout.JAVA_BYTE, TIME_OFFSET, (byte) 0);
            FileCalls.ioctl(TERMINAL, TCSETS, keys);
        }
    }

    /// {@return true when the keys that are pressed are meant for this process}
    static boolean isForeground() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment group = arena.allocate(ValueLayout.JAVA_INT);
            return FileCalls.ioctl(TERMINAL, TIOCGPGRP, group) == 0 && group.get(ValueLayout.JAVA_INT, 0) == ownGroup();
        } catch (IOException e) {
            return false;
        }
    }

    /// The third field behind the name, which may hold anything.
    private static int ownGroup() throws IOException {
        String status = new String(Files.readAllBytes(STATUS), StandardCharsets.ISO_8859_1);
        return Integer.parseInt(status.substring(status.lastIndexOf(')') + 2).split(" ")[GROUP_FIELD]);
    }

    private void restore() {
        if (isForeground()) {
            FileCalls.ioctl(TERMINAL, TCSETS, before);
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: it runs, too, and changes nothing.
        }
    }
}
