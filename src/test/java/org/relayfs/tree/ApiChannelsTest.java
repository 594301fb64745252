package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.tree.access.Attributes;

/// Channels that the program opens by itself.
class ApiChannelsTest {
    private static final ChannelConfig SMALL = ChannelConfig.of(4096, 2);

    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    @Test
    void theyAppearWithTheirSettingsAndGoWhenTheyAreClosed() throws Exception {
        ChannelConfig config =
                SMALL.withMode(ChannelMode.OVERWRITE).withBaseName("trace").withFileMode(0440);
        RelayChannel channel = fs.relay.open("web/http", config);
        assertThat(fs.read("/web/http/subbuf_size")).isEqualTo("4096\n");
        assertThat(fs.read("/web/http/mode")).isEqualTo("overwrite\n");
        assertThat(fs.read("/web/http/create")).isEqualTo("1\n");
        for (ChannelBuffer buffer : channel.buffers()) {
            String path = "/web/http/trace" + buffer.cpu();
            assertThat(((RelayFile) fs.tree.resolve(path)).buffer()).isSameAs(buffer);
            assertThat(fs.tree.resolve(path).attributes().mode()).isEqualTo(Attributes.REGULAR | 0440);
            assertThat(fs.exists(path + ".produced")).isTrue();
            assertThat(fs.exists(path + ".consumed")).isTrue();
        }
        channel.close();
        assertThat(fs.exists("/web")).isFalse();
    }

    @Test
    void thoseThatExistWhenTheTreeIsMadeAreThere() throws Exception {
        Relay relay = Relay.create();
        relay.open("early", SMALL);
        try (MountedTree late = new MountedTree(relay, 10)) {
            assertThat(late.list("/early")).contains("cpu0");
        }
    }

    @Test
    void theyMoveIntoADirectoryMadeByMkdirAndLeaveItsSettingsAlone() throws Exception {
        fs.makeDirectory("/app");
        fs.write("/app/n_subbufs", "3");
        RelayChannel channel = fs.relay.open("app", SMALL);
        assertThat(fs.read("/app/create")).isEqualTo("1\n");
        assertThat(fs.read("/app/n_subbufs")).isEqualTo("2\nnext 3\n");
        channel.close();
        assertThat(fs.read("/app/create")).isEqualTo("0\n");
    }

    @Test
    void controlFilesSteerThem() throws Exception {
        RelayChannel channel = fs.relay.open("app", SMALL);
        fs.write("/app/enabled", "0");
        assertThat(channel.isEnabled()).isFalse();
        fs.write("/control", "destroy app");
        assertThat(channel.isClosed()).isTrue();
        assertThat(fs.exists("/app")).isFalse();
    }

    @Test
    void aFileNameChosenByTheCallbackIsUsed() throws Exception {
        fs.relay.open("app", SMALL.withGlobal(true).withCallbacks(naming("trace")));
        assertThat(fs.list("/app")).contains("trace", "trace.produced", "trace.consumed");
    }

    @Test
    void aFileNameThatCannotBeOneIsNotShown() throws Exception {
        fs.relay.open("app", SMALL.withGlobal(true).withCallbacks(naming("../passwd")));
        fs.relay.open("bad", SMALL.withGlobal(true).withCallbacks(naming("create")));
        assertThat(fs.list("/app")).hasSameSizeAs(ChannelFiles.NAMES);
        assertThat(fs.list("/bad")).hasSameSizeAs(ChannelFiles.NAMES);
        assertThat(fs.tree.resolve("/bad/create")).isInstanceOf(ControlFile.class);
    }

    @Test
    void aChannelWithTheNameOfAControlFileIsNotShown() throws Exception {
        fs.relay.open("control", SMALL.withGlobal(true));
        fs.relay.open("a/create", SMALL.withGlobal(true));
        assertThat(fs.list("/"))
                .containsExactly("control", "channels", "buffers", "stats", "metrics", "error_log", "version");
        assertThat(fs.tree.resolve("/control")).isInstanceOf(ControlFile.class);
    }

    @Test
    void theSameNameIsRefusedFromBothSides() throws Exception {
        fs.relay.open("app", SMALL);
        assertThat(refusal(() -> fs.write("/control", "create app"))).isEqualTo(Errno.EEXIST);
    }

    @Test
    void aClosedTreeListensNoLonger() throws Exception {
        fs.tree.close();
        fs.relay.open("app", SMALL);
        assertThat(fs.exists("/app")).isFalse();
    }

    private static ChannelCallbacks naming(String chosen) {
        return new ChannelCallbacks() {
            @Override
            public String onCreateBufferFile(String name, ChannelBuffer buffer) {
                return chosen;
            }
        };
    }

    /// The API may open what `mkdir` and `control` refuse.
    @Test
    void aDirectoryAndARelayFileOfOneNameAreListedOnce() throws Exception {
        fs.relay.open("app/cpu0", SMALL);
        fs.relay.open("app", SMALL.withGlobal(true));
        assertThat(fs.list("/app")).containsOnlyOnce("cpu0").contains("cpu0.produced");
        assertThat(fs.tree.resolve("/app/cpu0")).isInstanceOf(Directory.class);
    }

    @Test
    void thoseWhoListenAreToldThatFilesHaveGone() throws Exception {
        AtomicInteger told = new AtomicInteger();
        Runnable listener = told::incrementAndGet;
        fs.tree.addRemovalListener(listener);
        RelayChannel channel = fs.relay.open("app", SMALL);
        assertThat(told).hasValue(0);
        channel.close();
        assertThat(told).hasValue(1);
        fs.relay.open("app", SMALL);
        fs.tree.removeRemovalListener(listener);
        fs.write("/control", "destroy app");
        assertThat(told).hasValue(1);
    }

    @Test
    void aReplacedChannelIsClosedBeforeTheNewOneIsShown() throws Exception {
        RelayChannel old = fs.relay.open("app", SMALL);
        fs.makeDirectory("/kept");
        RelayChannel kept = fs.relay.open("kept", SMALL);
        RelayChannel now = fs.relay.replace(ChannelName.of("app"), SMALL.withGlobal(true));
        assertThat(old.isClosed()).isTrue();
        assertThat(fs.relay.channel("app")).contains(now);
        assertThat(fs.relay.channels()).containsExactly(kept, now);
        assertThat(fs.read("/app/create")).isEqualTo("1\n");
        assertThat(fs.relay.replace(ChannelName.of("new"), SMALL).name()).isEqualTo("new");
        assertThat(fs.relay.reservedBytes())
                .isEqualTo(fs.relay.channels().stream()
                        .mapToLong(RelayChannel::reservedBytes)
                        .sum());
    }

    /// Whatever the settings of the directory say.
    @Test
    void theFilesThatAChannelHasAreNoNamesForOthers() throws Exception {
        fs.makeDirectory("/app");
        fs.relay.open("app", SMALL.withGlobal(true).withBaseName("x"));
        assertThat(fs.list("/app")).contains("x0");
        assertThat(refusal(() -> fs.write("/control", "create app/x0"))).isEqualTo(Errno.EEXIST);
        assertThat(refusal(() -> fs.write("/control", "create app/x0/y"))).isEqualTo(Errno.ENOTDIR);
        assertThat(refusal(() -> fs.makeDirectory("/app/x0"))).isEqualTo(Errno.EEXIST);
        assertThat(fs.tree.resolve("/app/x0")).isInstanceOf(RelayFile.class);
    }
}
