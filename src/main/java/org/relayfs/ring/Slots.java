package org.relayfs.ring;

/// The mapping from CPUs to buffer regions.
public final class Slots {
    private Slots() {}

    /// {@return a region number}
    ///
    /// @param cpu   number of a CPU, or negative when it is not known
    /// @param slots how many regions the channel has; 1 for a global one
    public static int of(int cpu, int slots) {
        // One unsigned comparison on the fast path. Out of range: a global channel, or a CPU number past all possible
        // ones.
        return Integer.compareUnsigned(cpu, slots) < 0 ? cpu : Math.floorMod(cpu, slots);
    }
}
