package org.relayfs.trigger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.relayfs.RelayChannel;
import org.relayfs.event.Level;

/// What shall take snapshots of a channel, and how many; see [SnapshotTriggers#of]. For one thread.
public final class SnapshotTriggersBuilder {
    final RelayChannel channel;
    final Path folder;
    final List<String> signals = new ArrayList<>();
    final Set<String> types = new HashSet<>();
    Level level;
    boolean exceptions;
    boolean outOfMemory;
    int most = 16;
    Duration distance = Duration.ofSeconds(10);

    SnapshotTriggersBuilder(RelayChannel channel, Path folder) {
        this.channel = Objects.requireNonNull(channel, "channel");
        this.folder = Objects.requireNonNull(folder, "folder");
    }

    /// A signal to this JVM takes one. A handler of the program that was there before is called
    /// afterwards; what the system or a handler in C would do, such as ending the process, is not done
    /// until [SnapshotTriggers#close]. The JVM has a handler for `USR2` itself, by which it suspends
    /// threads for some tools, unless the environment variable `_JAVA_SR_SIGNUM` names another; a
    /// program that needs those uses `VTALRM`, for example. Needs the module `jdk.unsupported`.
    ///
    /// @param name as kill(1) takes it: `USR2`; one that the JVM cannot do without is refused by
    ///     [#start]
    /// @return this
    public SnapshotTriggersBuilder onSignal(String name) {
        signals.add(Objects.requireNonNull(name, "name"));
        return this;
    }

    /// Whatever leaves a thread takes one, an [OutOfMemoryError] included; see [SnapshotTriggers].
    /// Threads and groups of threads that have handlers of their own are not seen.
    ///
    /// @return this
    public SnapshotTriggersBuilder onUncaughtException() {
        exceptions = true;
        return onOutOfMemoryError();
    }

    /// An [OutOfMemoryError] that leaves a thread takes one, and no other exception does. 2 MiB of the
    /// heap are kept for it, and a snapshot is taken beforehand and thrown away, so that all it needs
    /// is loaded.
    ///
    /// @return this
    public SnapshotTriggersBuilder onOutOfMemoryError() {
        outOfMemory = true;
        return this;
    }

    /// Events of a type take one, whichever process logs them. They are looked for 20 times a second in
    /// the counts that the channel keeps anyway, so logging costs the same with and without.
    ///
    /// @param names of types; they need not be registered yet
    /// @return this
    public SnapshotTriggersBuilder onEvent(String... names) {
        types.addAll(Arrays.asList(names));
        return this;
    }

    /// Events of a level or a higher one take one, as [#onEvent] does.
    ///
    /// @param least the lowest level that does
    /// @return this
    public SnapshotTriggersBuilder onLevel(Level least) {
        level = Objects.requireNonNull(least, "least");
        return this;
    }

    /// Limits the number; 16 without this. More are refused and counted.
    ///
    /// @param snapshots at least 1
    /// @return this
    /// @throws IllegalArgumentException it is less
    public SnapshotTriggersBuilder atMost(int snapshots) {
        if (snapshots < 1) {
            throw new IllegalArgumentException("atMost: value=" + snapshots + ", limit=1 or more");
        }
        most = snapshots;
        return this;
    }

    /// Limits the rate; ten seconds without this. What comes sooner is refused and counted.
    ///
    /// @param time from the beginning of one to that of the next; not negative
    /// @return this
    /// @throws IllegalArgumentException it is negative
    public SnapshotTriggersBuilder apart(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("apart: value=" + time + ", limit=0 or more");
        }
        distance = time;
        return this;
    }

    /// {@return the triggers, which are set}
    ///
    /// @throws IllegalArgumentException there is no such signal, or the JVM needs it itself
    /// @throws IllegalStateException events are asked for, and the channel holds records
    /// @throws IOException the folder cannot be made or written, or the channel is closed
    public SnapshotTriggers start() throws IOException {
        return SnapshotTriggers.start(this);
    }
}
