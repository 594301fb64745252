package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.relayfs.memory.SharedFolder;

/// A process that makes system calls for a test, one at a time; `src/test/python/agent.py` has the list. Each call
/// has a time limit, or is begun and looked at later. For one thread.
public final class Agent implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern RELAY_FILE = Pattern.compile(".*/cpu\\d+");
    private static final int PATIENCE_MS = 20_000;

    private final Client process;
    private String nextLine;

    private Agent(Client process) {
        this.process = process;
    }

    /// Starts one.
    ///
    /// @return the agent
    /// @throws Exception there is no Python
    public static Agent start() throws Exception {
        Agent agent = new Agent(Client.start("python3", "-u", Programs.python("agent")));
        agent.answer();
        return agent;
    }

    /// The outcome of a call.
    ///
    /// @param errno its name, or null
    /// @param value what the call returns
    public record Answer(String errno, JsonNode value) {
        @Override
        public String toString() {
            return errno != null ? errno : value.isTextual() ? value.asText() : value.toString();
        }
    }

    /// Makes a call that must succeed.
    ///
    /// @param call      its name
    /// @param arguments strings, numbers and booleans
    /// @return its value
    /// @throws Exception it has not ended in time
    public JsonNode call(String call, Object... arguments) throws Exception {
        Answer answer = begin(call, arguments).answer();
        assertThat(answer.errno()).as("errno of %s%s", call, List.of(arguments)).isNull();
        return answer.value();
    }

    /// Makes a call that may fail.
    ///
    /// @param call      its name
    /// @param arguments strings, numbers and booleans
    /// @return the name of its errno, or its value as text
    /// @throws Exception it has not ended in time
    public String outcome(String call, Object... arguments) throws Exception {
        return begin(call, arguments).answer().toString();
    }

    /// Opens a file. The mode of a relay file is 0400, which keeps an owner who is not root from writing: it is changed
    /// if need be.
    ///
    /// @param path  of the file
    /// @param flags names joined by `|`
    /// @return the descriptor
    /// @throws Exception it cannot be opened
    public int open(String path, String flags) throws Exception {
        boolean writes = flags.contains("O_WRONLY") || flags.contains("O_RDWR") || flags.contains("O_TRUNC");
        Answer opened = begin("open", path, flags).answer();
        // Not before it is needed: the kernel lets a chmod wait while a write to the file does.
        if ("EACCES".equals(opened.errno())
                && writes
                && RELAY_FILE.matcher(path).matches()
                && SharedFolder.userId() != 0) {
            call("chmod", path, 0600);
            opened = begin("open", path, flags).answer();
        }
        assertThat(opened.errno()).as("errno of open %s %s", path, flags).isNull();
        return opened.value().asInt();
    }

    /// `read(2)`.
    ///
    /// @param fd    the descriptor
    /// @param count at most so many bytes
    /// @return the bytes, as Latin-1
    /// @throws Exception it fails
    public String read(int fd, int count) throws Exception {
        return call("read", fd, count).asText();
    }

    /// `poll(2)`.
    ///
    /// @param fd        the descriptor
    /// @param timeoutMs at most so long
    /// @return names of the events, joined by `|`
    /// @throws Exception it fails
    public String poll(int fd, int timeoutMs) throws Exception {
        return call("poll", fd, timeoutMs).asText();
    }

    /// Makes a call without waiting for its end.
    ///
    /// @param call      its name
    /// @param arguments strings, numbers and booleans
    /// @return this
    /// @throws IOException the process has died
    public Agent begin(String call, Object... arguments) throws IOException {
        String line = JSON.writeValueAsString(Map.of("call", call, "arguments", arguments)) + "\n";
        process.input().write(line.getBytes(StandardCharsets.UTF_8));
        process.input().flush();
        return this;
    }

    /// Waits for the end of the call that was begun.
    ///
    /// @return its outcome
    /// @throws Exception it has not ended in time
    public Answer answer() throws Exception {
        assertThat(hasAnswer(PATIENCE_MS)).as("no answer: " + process).isTrue();
        JsonNode answer = JSON.readTree(nextLine);
        nextLine = null;
        return new Answer(answer.has("errno") ? answer.get("errno").asText() : null, answer.get("value"));
    }

    /// Whether the call that was begun has ended.
    ///
    /// @param patienceMs how long to wait for its end at most
    /// @return true when it has
    /// @throws InterruptedException the test is ended
    public boolean hasAnswer(long patienceMs) throws InterruptedException {
        if (nextLine == null) {
            nextLine = process.takeLine(patienceMs);
        }
        return nextLine != null;
    }

    /// The call that was begun is to wait: looks for a while whether it does.
    ///
    /// @throws InterruptedException the test is ended
    public void assertWaits() throws InterruptedException {
        assertThat(hasAnswer(100)).as("ended, instead of waiting").isFalse();
    }

    /// @return the process
    public Client process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
