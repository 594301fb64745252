package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.relayfs.Relay;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Sandbox;

/// A JVM writes into a channel of another one through shared memory, while a client waits on a file of the
/// mount: the client is woken, and gets what was written.
@MountTest
@Timeout(60)
class AttachedWriterIT {
    private static final int RECORD_LENGTH = 4096;
    private static final int ROUNDS = 20;
    private static final int PATIENCE_MS = 20_000;

    /// The doorbell rings at once; without it, somebody would look every 100 ms.
    private static final long WOKEN_WITHIN_US = 30_000;

    /// Prints each time when it is woken, and what it reads then: one record.
    private static final String POLLER = """
            import os, select, sys, time
            relay = os.open('app/cpu0', os.O_RDONLY | os.O_NONBLOCK)
            epoll = select.epoll()
            epoll.register(relay, select.EPOLLIN)
            assert epoll.poll(0) == []
            print('ready', flush=True)
            for i in range(int(sys.argv[1])):
                assert epoll.poll(20) == [(relay, select.EPOLLIN)]
                now = time.time_ns() // 1000
                os.write(1, b'woken %d\\n' % now + os.read(relay, 4096))
            """;

    private static final String READER = """
            import os, sys
            relay = os.open('app/cpu0', os.O_RDONLY)
            print('ready', flush=True)
            for i in range(int(sys.argv[1])):
                os.write(1, os.read(relay, 4096))
            """;

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private Client startWriter(Relay relay) throws Exception {
        sandbox.sh("echo create app global=1 n_subbufs=4 subbuf_size=" + RECORD_LENGTH + " > control")
                .succeeded();
        Path folder = relay.channel("app").orElseThrow().folder();
        Client writer = sandbox.startJava(AttachedWriter.class, folder.toString());
        writer.awaitLine("attached");
        return writer;
    }

    /// A record that fills a sub-buffer; it is delivered when the next one is written.
    private static String line(int number) {
        String start = "record " + number + " ";
        return start + ".".repeat(RECORD_LENGTH - 1 - start.length());
    }

    @Test
    void aWaitingPollerIsWoken() throws Exception {
        Relay relay = sandbox.mount();
        Client writer = startWriter(relay);
        Client poller = sandbox.startPython(POLLER, "" + ROUNDS);
        poller.awaitLine("ready");
        List<Long> delays = new ArrayList<>();
        write(writer, 0);
        for (int round = 0; round < ROUNDS; round++) {
            Sandbox.awaitSleep(poller);
            long written = write(writer, round + 1);
            delays.add(number(poller.takeLine(PATIENCE_MS), "woken ") - written);
            assertThat(poller.takeLine(PATIENCE_MS)).isEqualTo(line(round));
        }
        sandbox.end(poller).succeeded();
        sandbox.end(writer).succeeded();
        assertThat(relay.channel("app").orElseThrow().dropped()).isZero();
        assertThat(delays.stream().sorted().skip(ROUNDS / 2).findFirst())
                .as("the median of %s µs", delays)
                .hasValueSatisfying(median -> assertThat(median).isLessThan(WOKEN_WITHIN_US));
    }

    @Test
    void aWaitingReadIsAnswered() throws Exception {
        Relay relay = sandbox.mount();
        Client writer = startWriter(relay);
        sandbox.sh("echo 1 > app/blocking").succeeded();
        Client reader = sandbox.startPython(READER, "2");
        reader.awaitLine("ready");
        Sandbox.awaitSleep(reader);
        write(writer, 0);
        write(writer, 1);
        assertThat(reader.takeLine(PATIENCE_MS)).isEqualTo(line(0));
        write(writer, 2);
        assertThat(reader.takeLine(PATIENCE_MS)).isEqualTo(line(1));
        sandbox.end(reader).succeeded();
        sandbox.end(writer).succeeded();
    }

    /// @return the time before it was written, in microseconds
    private static long write(Client writer, int number) throws Exception {
        Sandbox.tell(writer, line(number));
        return number(writer.takeLine(PATIENCE_MS), RECORD_LENGTH + " ");
    }

    private static long number(String line, String start) {
        assertThat(line).startsWith(start);
        return Long.parseLong(line.substring(start.length()));
    }
}
