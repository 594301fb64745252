package org.relayfs.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A program of `src/bench/c`, which runs a batch when told to.
final class ProgramContestant implements Contestant {
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream commands;
    private final String job;
    private final int threads;

    private ProgramContestant(Process process, String job, int threads) {
        this.process = process;
        this.job = job;
        this.threads = threads;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    }

    /// Starts a program, or returns null when it has no such mode.
    ///
    /// @param program its path
    /// @param subject what it calls the thing to be measured
    static ProgramContestant open(String program, String subject, Subject.Mode mode, int length, int threads)
            throws IOException {
        Process process = new ProcessBuilder(
                        program, Integer.toString(Sizes.SUB_BUFFER_SIZE), Integer.toString(Sizes.SUB_BUFFER_COUNT))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String job = "run " + subject + " " + mode.name().toLowerCase(java.util.Locale.ROOT) + " " + threads + " "
                + length + " ";
        ProgramContestant contestant = new ProgramContestant(process, job, threads);
        if (contestant.ask(job + 1).startsWith("none")) {
            contestant.close();
            return null;
        }
        return contestant;
    }

    private String ask(String command) throws IOException {
        commands.println(command);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(command + ": the program has ended, see its message above");
        }
        return answer;
    }

    @Override
    public Batch run(int count) throws IOException {
        String[] words = ask(job + count).split(" ");
        return new Batch(Long.parseLong(words[0]), Long.parseLong(words[1]), (long) threads * count);
    }

    @Override
    public long lost() throws IOException {
        return Long.parseLong(ask("lost"));
    }

    @Override
    public void close() {
        commands.close();
        process.destroy();
    }
}
