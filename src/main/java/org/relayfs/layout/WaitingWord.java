package org.relayfs.layout;

/// A word on which processes wait that share memory. Bit 0: somebody waits; above it, how often those who wait were
/// woken. Its lower half is a futex.
public final class WaitingWord {
    /// Somebody waits.
    public static final long SOMEBODY = 1;

    private WaitingWord() {}

    /// {@return the word}
    ///
    /// @param word its address
    // Dekker: who waits arms, then looks; who has something for them makes it visible, then looks whether it is armed
    public static long wordVolatile(long word) {
        return Words.getVolatile(word, 0);
    }

    /// {@return true when it was done}
    ///
    /// @param word     its address
    /// @param expected what it must be
    /// @param value    the same with bit 0 set by who waits; one more, which clears it, by who wakes
    public static boolean wordCompareAndSet(long word, long expected, long value) {
        return Words.compareAndSet(word, 0, expected, value);
    }
}
