package org.relayfs.fuse.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.tree.RelayFile;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.handler.HandlerLimits;

final class NodeTableTest {
    private static final Handshake HANDSHAKE = new Handshake(MmapMode.OFF);
    private static final BackingFiles BACKING = new BackingFiles(-1, HANDSHAKE);

    private final NodeTable table = new NodeTable();
    private Relay relay;
    private RelayTree tree;

    @BeforeEach
    void open() throws Exception {
        relay = Relay.create();
        relay.open("a", ChannelConfig.of(4096, 2).withGlobal(true));
        relay.open("b", ChannelConfig.of(4096, 2).withGlobal(true));
        tree = new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 2, HandlerLimits.DEFAULT));
    }

    @AfterEach
    void close() {
        tree.close();
        relay.close();
    }

    private RelayNode acquire(String channel) throws Exception {
        RelayFile file = (RelayFile) tree.resolve("/" + channel + "/cpu0");
        return table.acquire(
                file, id -> RelayNode.of(id, file, new PollNotifier(-1), new WaitingRequests(), HANDSHAKE, BACKING));
    }

    @Test
    void aFileKeepsItsIdWhileItIsKnown() throws Exception {
        RelayNode node = acquire("a");
        assertThat(acquire("a")).isSameAs(node);
        assertThat(acquire("b").id()).isNotEqualTo(node.id());
        assertThat(table.find(node.id())).isSameAs(node);
        assertThat(table.all()).hasSize(2);
    }

    @Test
    void aForgottenIdIsNeverUsedAgain() throws Exception {
        RelayNode node = acquire("a");
        acquire("a");
        table.forget(node.id(), 1);
        assertThat(table.find(node.id())).isSameAs(node);
        table.forget(node.id(), 1);
        assertThat(table.find(node.id())).isNull();
        assertThat(acquire("a").id()).isNotEqualTo(node.id());
    }

    @Test
    void aRemovedFileThatNobodyHasOpenIsGivenUp() throws Exception {
        RelayNode node = acquire("a");
        RelayNode open = acquire("b");
        open.openFiles().add(1, new OpenRelayFile(0, false, 0));
        table.releaseUnused();
        assertThat(table.all()).containsExactlyInAnyOrder(node, open);
        relay.close();
        table.releaseUnused();
        assertThat(table.all()).containsExactly(open);
        table.forget(node.id(), 1);
        open.openFiles().remove(1);
        table.releaseUnused();
        assertThat(table.all()).isEmpty();
    }

    @Test
    void idsOfLibfuseAreNotOurs() throws Exception {
        assertThat(NodeTable.isOurs(1)).isFalse();
        assertThat(NodeTable.isOurs(0xFFFF_FFFFL)).isFalse();
        assertThat(NodeTable.isOurs(acquire("a").id())).isTrue();
    }
}
