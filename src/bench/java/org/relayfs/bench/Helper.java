package org.relayfs.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A program of `src/bench/c` that answers each line with a line.
final class Helper implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream commands;

    /// Starts it.
    ///
    /// @param command program and arguments
    Helper(String... command) throws IOException {
        name = command[0];
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.US_ASCII);
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    }

    String ask(String command) throws IOException {
        tell(command);
        return answer();
    }

    void tell(String command) {
        commands.println(command);
    }

    String answer() throws IOException {
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(name + ": it has ended, see its message above");
        }
        return answer;
    }

    /// The numbers of an answer.
    long[] numbers(String command) throws IOException {
        return java.util.Arrays.stream(ask(command).trim().split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    @Override
    public void close() {
        commands.close();
        process.destroy();
    }
}
