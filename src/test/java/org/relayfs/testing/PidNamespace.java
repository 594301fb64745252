package org.relayfs.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.memory.SharedFolder;

/// Another PID namespace with a `/proc` of its own, in which programs can be started: as in a container. Its end is
/// that of all processes in it.
public final class PidNamespace implements AutoCloseable {
    private static final long PATIENCE_MS = 20_000;

    private final Client first;
    private final List<String> entering;

    private PidNamespace(Client first, List<String> entering) {
        this.first = first;
        this.entering = entering;
    }

    /// Makes one. Skips the test where an ordinary user may not; root may.
    ///
    /// @return the namespace
    /// @throws Exception it cannot be made
    public static PidNamespace open() throws Exception {
        boolean root = SharedFolder.userId() == 0;
        List<String> command = new ArrayList<>(List.of("unshare", "--pid", "--mount-proc", "--fork", "--kill-child"));
        if (!root) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        // What ends with its input: cat, which has a number outside, too.
        command.addAll(List.of("--", "sh", "-c", "echo ready && exec cat"));
        Client first = Client.start(command);
        try {
            if (root) {
                first.awaitReady();
            } else {
                String line = first.takeLine(PATIENCE_MS);
                assumeTrue(
                        line != null,
                        () -> "needs user namespaces: " + first.errors().strip());
            }
            return new PidNamespace(first, entering(first.pid(), root));
        } catch (Throwable t) {
            first.close();
            throw t;
        }
    }

    private static List<String> entering(long unshare, boolean root) {
        String init = Long.toString(ProcessHandle.of(unshare)
                .flatMap(process -> process.children().findFirst())
                .orElseThrow()
                .pid());
        List<String> command = new ArrayList<>(List.of("nsenter", "--target", init, "--pid", "--mount"));
        if (!root) {
            command.addAll(List.of("--user", "--preserve-credentials"));
        }
        // Who enters stays outside, and waits: whoever kills that kills the program.
        command.addAll(List.of("--", "setpriv", "--pdeathsig", "KILL", "--"));
        return List.copyOf(command);
    }

    /// Starts a program in it.
    ///
    /// @param command its name and arguments
    /// @return the program: its number is that of who waits for it outside; to kill that is to kill the program
    /// @throws IOException it cannot be started
    public Client start(List<String> command) throws IOException {
        List<String> all = new ArrayList<>(entering);
        all.addAll(command);
        return Client.start(all);
    }

    /// Kills all that is left in it. When this returns, they have ended.
    @Override
    public void close() {
        try {
            first.input().close();
            first.awaitEnd();
        } catch (IOException e) {
            // It has ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            first.close();
        }
    }
}
