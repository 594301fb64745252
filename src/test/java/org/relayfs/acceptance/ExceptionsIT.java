package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelListener;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.session.FuseSession;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Sandbox;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.access.OpenFileLimit;
import org.relayfs.tree.handler.HandlerLimits;

/// What fails unexpectedly while a request is answered is EIO for the client and one entry of the log, and
/// everything goes on working.
@MountTest
@Timeout(60)
class ExceptionsIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private final AtomicBoolean failing = new AtomicBoolean();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private PrintStream standardError;

    /// The program's log goes to its standard error.
    @BeforeEach
    void keepLog() {
        standardError = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreStandardError() {
        failing.set(false);
        System.setErr(standardError);
    }

    @Test
    void aCallbackThatThrowsIsEioForTheWriter() throws Exception {
        Relay relay = sandbox.mount();
        relay.open(
                "app",
                ChannelConfig.of(16, 4).withGlobal(true).withFileMode(0600).withCallbacks(callbacks()));
        sandbox.sh("echo before > app/write").succeeded();
        for (String file : new String[] {"app/write", "app/cpu0", "app/flush"}) {
            failing.set(true);
            log.reset();
            sandbox.bash("echo does not fit > " + file).failedSaying("Input/output error");
            awaitEntry("the callback fails");
            assertThat(errors()).as("writing to %s", file).isOne();
            failing.set(false);
        }
        log.reset();
        sandbox.sh("echo after > app/write").succeeded();
        assertThat(sandbox.sh("cat app/cpu0").succeeded().out()).isEqualTo("before\nafter\n");
        assertThat(errors()).isZero();
    }

    private ChannelCallbacks callbacks() {
        return new ChannelCallbacks() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                failIfWanted("the callback fails");
                return !start.isFull();
            }
        };
    }

    private void failIfWanted(String message) {
        if (failing.get()) {
            throw new UnsupportedOperationException(message);
        }
    }

    /// The same for names and control files: what a command sets off, fails.
    @Test
    void aListenerThatThrowsIsEioForTheCommand() throws Exception {
        Relay relay = sandbox.mount();
        relay.addListener(new ChannelListener() {
            @Override
            public void channelOpened(RelayChannel channel) {
                failIfWanted("the listener fails");
            }

            @Override
            public void bufferAdded(RelayChannel channel, ChannelBuffer buffer) {}

            @Override
            public void channelClosed(RelayChannel channel) {
                failIfWanted("the listener fails");
            }
        });
        sandbox.sh("echo create live global=1 > control").succeeded();
        failing.set(true);
        for (String command : new String[] {"echo create app global=1 > control", "rmdir live"}) {
            log.reset();
            sandbox.bash(command).failedSaying("Input/output error");
            awaitEntry("the listener fails");
            assertThat(errors()).as(command).isOne();
        }
        failing.set(false);
        sandbox.sh("echo create other global=1 > control && echo hello > other/write")
                .succeeded();
        assertThat(sandbox.sh("cat other/cpu0").succeeded().out()).isEqualTo("hello\n");
    }

    /// The same for reading.
    @Test
    void aContentThatThrowsIsEioForTheReader() throws Exception {
        Path folder = Files.createDirectory(sandbox.folder().resolve("mnt"));
        Relay relay = sandbox.closing(Relay.create());
        TreeOptions treeOptions = new TreeOptions(
                0,
                0,
                0755,
                () -> {
                    throw new UnsupportedOperationException("the content fails");
                },
                1,
                HandlerLimits.DEFAULT);
        Leftovers.watchMountPoint(folder);
        FuseSession session = new FuseSession(
                new RelayTree(relay, treeOptions),
                new Handshake(MmapMode.AUTO),
                new OpenFileLimit(0),
                folder.toString(),
                MountOptions.defaults());
        sandbox.closing(() -> {
            Client.shell("umount $1 || fusermount3 -u $1", folder);
            assertThat(session.awaitEnd(20_000)).isTrue();
        });
        sandbox.use(folder);
        log.reset();
        sandbox.sh("cat version").failedSaying("Input/output error");
        awaitEntry("the content fails");
        assertThat(errors()).isOne();
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("/version");
        assertThat(sandbox.sh("ls").succeeded().out()).contains("channels", "control", "version");
    }

    /// The client has its answer first.
    private void awaitEntry(String words) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> log.toString(StandardCharsets.UTF_8).contains(words));
    }

    private long errors() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(" ERROR ") || line.contains(" WARN "))
                .count();
    }
}
