package org.relayfs.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;

/// A program of `src/bench/c`, which runs a batch when told to.
final class ProgramContestant implements Contestant {
    private final Helper program;
    // Of the channels that it attaches to, if it does.
    private final Relay owner;
    private final String job;
    private final int threads;

    private ProgramContestant(Helper program, Relay owner, String job, int threads) {
        this.program = program;
        this.owner = owner;
        this.job = job;
        this.threads = threads;
    }

    /// Starts a program, or returns null when it has no such mode.
    ///
    /// @param path    of the program
    /// @param subject what it calls the thing to be measured
    static ProgramContestant open(String path, String subject, Subject.Mode mode, int length, int threads)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(path, Integer.toString(Sizes.SUB_BUFFER_SIZE), Integer.toString(Sizes.SUB_BUFFER_COUNT)));
        Relay owner = subject.equals("attached") ? Relay.create() : null;
        if (owner != null) {
            ChannelConfig config = ChannelConfig.of(Sizes.SUB_BUFFER_SIZE, Sizes.SUB_BUFFER_COUNT);
            command.add(owner.open("overwrite", config.withMode(ChannelMode.OVERWRITE))
                    .folder()
                    .toString());
            command.add(owner.open("no-overwrite", config).folder().toString());
        }
        Helper program = new Helper(command.toArray(String[]::new));
        String name = mode.name().toLowerCase(Locale.ROOT);
        String job = "run %s %s %d %d ".formatted(subject, name, threads, length);
        if (program.ask(job + 1).startsWith("none")) {
            program.close();
            if (owner != null) {
                owner.close();
            }
            return null;
        }
        return new ProgramContestant(program, owner, job, threads);
    }

    @Override
    public Batch run(int count) throws IOException {
        long[] times = program.numbers(job + count);
        return new Batch(times[0], times[1], (long) threads * count);
    }

    @Override
    public long lost() throws IOException {
        return program.numbers("lost")[0];
    }

    @Override
    public void close() {
        program.close();
        if (owner != null) {
            owner.close();
        }
    }
}
