package org.relayfs.bench;

import java.io.IOException;
import java.util.Locale;

/// A program of `src/bench/c`, which runs a batch when told to.
final class ProgramContestant implements Contestant {
    private final Helper program;
    private final String job;
    private final int threads;

    private ProgramContestant(Helper program, String job, int threads) {
        this.program = program;
        this.job = job;
        this.threads = threads;
    }

    /// Starts a program, or returns null when it has no such mode.
    ///
    /// @param path    of the program
    /// @param subject what it calls the thing to be measured
    static ProgramContestant open(String path, String subject, Subject.Mode mode, int length, int threads)
            throws IOException {
        Helper program =
                new Helper(path, Integer.toString(Sizes.SUB_BUFFER_SIZE), Integer.toString(Sizes.SUB_BUFFER_COUNT));
        String name = mode.name().toLowerCase(Locale.ROOT);
        String job = "run %s %s %d %d ".formatted(subject, name, threads, length);
        if (program.ask(job + 1).startsWith("none")) {
            program.close();
            return null;
        }
        return new ProgramContestant(program, job, threads);
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
    }
}
