package org.relayfs.tool.recovery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.ring.DeadChannel;
import org.relayfs.ring.RecoveredBuffer;

/// What became of one channel. For one thread.
final class RecoveredChannel {
    private final Path folder;
    private final Path output;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private boolean overwrites;
    private boolean hasEvents;
    private int survivors;

    /// What was found in one generation of a buffer.
    ///
    /// @param generation 0, and one more each time that the channel was resized
    record Part(int generation, RecoveredBuffer buffer) {
        String file() {
            return "cpu" + buffer.slot();
        }
    }

    /// @param folder its shared memory
    /// @param output where its files are
    RecoveredChannel(Path folder, Path output) {
        this.folder = folder;
        this.output = output;
    }

    void add(DeadChannel generation) {
        overwrites = generation.overwrites();
        hasEvents = generation.hasEvents();
        survivors = Math.max(survivors, generation.survivors());
    }

    void add(Path generation, RecoveredBuffer buffer) {
        int number = generation.equals(folder)
                ? 0
                : Integer.parseInt(generation.getFileName().toString());
        parts.add(new Part(number, buffer));
    }

    /// Why a generation cannot be read.
    void fail(String why) {
        failures.add(why);
    }

    boolean isCut(int slot) {
        return parts.stream()
                .anyMatch(part -> part.buffer().slot() == slot && part.buffer().isCut());
    }

    Path folder() {
        return folder;
    }

    Path output() {
        return output;
    }

    List<Part> parts() {
        return parts;
    }

    List<String> failures() {
        return failures;
    }

    /// {@return true when the oldest records are overwritten instead of new ones refused}
    boolean overwrites() {
        return overwrites;
    }

    /// {@return true when its records are events}
    boolean hasEvents() {
        return hasEvents;
    }

    /// {@return how many processes have it attached and live}
    int survivors() {
        return survivors;
    }

    boolean isIncomplete() {
        return !failures.isEmpty() || parts.stream().map(Part::buffer).anyMatch(RecoveredBuffer::isIncomplete);
    }

    long bytes() {
        return parts.stream().mapToLong(part -> part.buffer().bytes()).sum();
    }
}
