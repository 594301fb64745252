package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Agent;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// What poll, select and epoll say about a relay file in each of its states, and what wakes those who wait.
@MountTest
final class PollMasksIT {
    private static final int S = 4096;
    private static final String ALL = "POLLIN|POLLRDNORM|POLLPRI|POLLOUT|POLLWRNORM|POLLRDHUP";
    private static final String READABLE = "POLLIN|POLLRDNORM";
    private static final String ENDED = "POLLERR|POLLHUP";

    private TestMount mount;
    private RelayChannel channel;
    private Agent agent;
    private int reader;
    private int writer;
    private int both;

    @BeforeEach
    void start() throws Exception {
        mount = TestMount.open();
        agent = Agent.start();
        open(config -> config);
    }

    private void open(UnaryOperator<ChannelConfig> change) throws Exception {
        channel = mount.relay().open("app", change.apply(ChannelConfig.of(S, 4).withGlobal(true)));
        reader = agent.open(mount.file("app/cpu0"), "O_RDONLY|O_NONBLOCK");
        writer = agent.open(mount.file("app/cpu0"), "O_WRONLY");
        both = agent.open(mount.file("app/cpu0"), "O_RDWR");
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        mount.close();
        channel = null;
        mount = null;
    }

    private void log(int length) {
        assertThat(channel.write(new byte[length])).isEqualTo(length);
    }

    /// By every call that there is; a descriptor that was opened for writing only is never ready.
    private void assertReady(boolean ready) throws Exception {
        for (int fd : new int[] {reader, both}) {
            assertThat(agent.call("poll", fd, 0, ALL).asText()).isEqualTo(ready ? READABLE : "");
            assertThat(agent.call("select", fd, 0).asText()).isEqualTo(ready ? "r" : "");
            int level = agent.call("epoll_create", fd, "EPOLLIN|EPOLLOUT|EPOLLPRI|EPOLLRDNORM")
                    .asInt();
            assertThat(agent.call("epoll_wait", level, 0).asText()).isEqualTo(ready ? READABLE : "");
            assertThat(agent.call("epoll_wait", level, 0).asText()).isEqualTo(ready ? READABLE : "");
            int edge = agent.call("epoll_create", fd, "EPOLLIN|EPOLLET").asInt();
            assertThat(agent.call("epoll_wait", edge, 0).asText()).isEqualTo(ready ? "POLLIN" : "");
            assertThat(agent.call("epoll_wait", edge, 0).asText()).isEmpty();
            agent.call("close", level);
            agent.call("close", edge);
        }
        assertThat(agent.call("poll", writer, 0, ALL).asText()).isEmpty();
        assertThat(agent.call("select", writer, 0).asText()).isEmpty();
    }

    @FunctionalInterface
    private interface Event {
        void happen() throws Exception;
    }

    /// Where several descriptors are polled, a thread of the server tells them of a delivery a little later. An edge
    /// that is seen only then is none too many, so both are waited for before anybody counts edges.
    private void deliver(Event event) throws Exception {
        int[] edges = new int[2];
        for (int i = 0; i < 2; i++) {
            edges[i] = agent.call("epoll_create", i == 0 ? reader : both, "EPOLLIN|EPOLLET")
                    .asInt();
            agent.call("epoll_wait", edges[i], 0);
        }
        event.happen();
        for (int edge : edges) {
            assertThat(agent.call("epoll_wait", edge, 10_000).asText()).isEqualTo("POLLIN");
            agent.call("close", edge);
        }
    }

    @Test
    void readyMeansThatAClosedSubBufferIsNotConsumed() throws Exception {
        assertReady(false);
        log(4000);
        assertReady(false);
        log(96);
        assertReady(false); // full to the brim, but not closed
        assertThat(agent.read(reader, 1)).hasSize(1);
        assertReady(false);
        deliver(() -> log(1000));
        assertReady(true);
        assertThat(agent.read(reader, S - 2)).hasSize(S - 2);
        assertReady(true);
        assertThat(agent.read(reader, 1)).hasSize(1);
        assertReady(false); // 1000 bytes are there, in the open one
        assertThat(agent.read(reader, S)).hasSize(1000);
    }

    @Test
    void aSubBufferThatIsClosedAfterItWasReadOutIsReadyOnce() throws Exception {
        log(100);
        assertThat(agent.read(reader, S)).hasSize(100);
        deliver(() -> channel.flush());
        assertReady(true);
        assertThat(agent.read(reader, S)).isEmpty();
        assertReady(false);
        deliver(() -> channel.flush());
        assertReady(true); // an empty one counts, too
        assertThat(agent.read(reader, S)).isEmpty();
        assertReady(false);
    }

    @Test
    void consumingFromOutsideMakesItNotReady() throws Exception {
        log(S);
        deliver(() -> log(S));
        assertReady(true);
        agent.call("consume", mount.file("app/cpu0.consumed"), 1);
        assertReady(false);
    }

    @Test
    void anOverwrittenBufferStaysReady() throws Exception {
        channel.close();
        open(config -> config.withMode(ChannelMode.OVERWRITE));
        log(S);
        for (int i = 1; i < 20; i++) {
            deliver(() -> log(S));
        }
        assertReady(true);
        assertThat(agent.call("read_length", reader, 1 << 20).asInt()).isEqualTo(4 * S);
        assertReady(false);
    }

    @Test
    void aDestroyedChannelIsAnErrorAndReadableToItsEnd() throws Exception {
        log(S);
        log(50);
        channel.close();
        assertThat(agent.call("poll", reader, 0, ALL).asText()).isEqualTo(READABLE + "|" + ENDED);
        assertThat(agent.call("poll", writer, 0, ALL).asText()).isEqualTo(ENDED);
        assertThat(agent.call("select", reader, 0).asText()).contains("r");
        assertThat(agent.read(reader, S)).hasSize(S);
        assertThat(agent.call("poll", reader, 0, ALL).asText())
                .as("the open one's bytes are to be had, too")
                .isEqualTo(READABLE + "|" + ENDED);
        assertThat(agent.read(reader, S)).hasSize(50);
        assertThat(agent.call("poll", reader, 0, ALL).asText()).isEqualTo(ENDED);
        assertThat(agent.call("poll", reader, 0, "POLLOUT").asText()).isEqualTo(ENDED);
        int edge = agent.call("epoll_create", reader, "EPOLLIN|EPOLLET").asInt();
        assertThat(agent.call("epoll_wait", edge, 0).asText()).isEqualTo(ENDED);
        assertThat(agent.read(reader, S)).isEmpty();
    }

    /// By each call: bytes in the open sub-buffer wake nobody, the event does.
    private void assertWakes(Event event) throws Exception {
        int edge = agent.call("epoll_create", reader, "EPOLLIN|EPOLLET").asInt();
        for (String call : new String[] {"poll", "select", "epoll_wait"}) {
            agent.begin(call, call.equals("epoll_wait") ? edge : reader, 10_000);
            log(10);
            agent.assertWaits();
            event.happen();
            assertThat(agent.answer().toString()).as(call).isEqualTo(call.equals("select") ? "r" : "POLLIN");
            channel.flush();
            agent.call("read_all", reader, 1 << 20);
        }
        agent.call("close", edge);
    }

    @Test
    void aSwitchWakes() throws Exception {
        assertWakes(() -> log(S));
    }

    @Test
    void aFlushWakes() throws Exception {
        assertWakes(() -> channel.flush());
    }

    @Test
    void disablingWakes() throws Exception {
        assertWakes(() -> {
            channel.setEnabled(false);
            channel.setEnabled(true);
        });
    }

    @Test
    void theFlushTimerWakes() throws Exception {
        agent.call("put", mount.file("app/flush_interval_ms"), "300");
        assertWakes(() -> {});
    }

    @Test
    void whatOtherProcessesDoWakes() throws Exception {
        try (Agent other = Agent.start()) {
            int fd = other.open(mount.file("app/cpu0"), "O_WRONLY");
            assertWakes(() -> other.call("write", fd, "x".repeat(S)));
            assertWakes(() -> other.call("put", mount.file("app/write"), "x".repeat(S)));
            assertWakes(() -> other.call("put", mount.file("app/flush"), "1"));
            assertWakes(() -> other.call("put", mount.file("control"), "flush app\n"));
            assertWakes(() -> {
                other.call("put", mount.file("app/enabled"), "0");
                other.call("put", mount.file("app/enabled"), "1");
            });
        }
    }

    @Test
    void destroyingTheChannelWakesAllWhoWait() throws Exception {
        try (Agent second = Agent.start();
                Agent third = Agent.start()) {
            int fd = second.open(mount.file("app/cpu0"), "O_RDONLY");
            int own = third.open(mount.file("app/cpu0"), "O_WRONLY");
            int edge = second.call("epoll_create", fd, "EPOLLIN|EPOLLET").asInt();
            log(10);
            agent.begin("poll", reader, 10_000);
            second.begin("epoll_wait", edge, 10_000);
            third.begin("poll", own, 10_000);
            agent.assertWaits();
            second.assertWaits();
            third.assertWaits();
            channel.close();
            assertThat(agent.answer().toString()).isEqualTo("POLLIN|" + ENDED);
            assertThat(second.answer().toString()).isEqualTo("POLLIN|" + ENDED);
            assertThat(third.answer().toString()).isEqualTo(ENDED);
            assertThat(agent.read(reader, 100)).hasSize(10);
        }
    }

    @Test
    void anEdgeComesWithEverySwitchAndWithNothingElse() throws Exception {
        int edge = agent.call("epoll_create", reader, "EPOLLIN|EPOLLET").asInt();
        log(S);
        assertThat(agent.call("epoll_wait", edge, 50).asText()).isEmpty();
        for (int i = 0; i < 3; i++) {
            log(S);
            assertThat(agent.call("epoll_wait", edge, 10_000).asText())
                    .as("older data are unread")
                    .isEqualTo("POLLIN");
            assertThat(agent.call("epoll_wait", edge, 50).asText()).isEmpty();
        }
        assertThat(agent.read(reader, S + 1)).hasSize(S + 1);
        assertThat(agent.call("epoll_wait", edge, 300).asText())
                .as("after a part was read")
                .isEmpty();
        channel.flush();
        assertThat(agent.call("epoll_wait", edge, 10_000).asText()).isEqualTo("POLLIN");
    }

    @Test
    void aKilledPollerLeavesNothingBehind() throws Exception {
        for (String call : new String[] {"poll", "select"}) {
            try (Agent victim = Agent.start()) {
                int fd = victim.open(mount.file("app/cpu0"), "O_RDONLY");
                victim.begin(call, fd, 20_000);
                victim.assertWaits();
                victim.process().signal("KILL");
                assertThat(victim.process().awaitEnd()).isEqualTo(128 + 9);
            }
        }
        assertWakes(() -> channel.flush());
    }
}
