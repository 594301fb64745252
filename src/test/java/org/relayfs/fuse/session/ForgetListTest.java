package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.Relay;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.RecordedDevice;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.Node;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.handler.HandlerLimits;

/// Nodes below 100 are libfuse's here.
final class ForgetListTest {
    private final List<String> taken = new ArrayList<>();
    private Relay relay;
    private RelayTree tree;
    private KnownNodes known;

    @BeforeEach
    void make() throws IOException {
        relay = Relay.create();
        tree = new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 10, HandlerLimits.DEFAULT));
        known = new KnownNodes(tree.root());
    }

    @AfterEach
    void close() {
        tree.close();
        relay.close();
    }

    private static FuseRequest request(long... nodesAndLookups) {
        return RecordedDevice.request(FuseProtocol.BATCH_FORGET, 1, 0, body -> {
            body.set(JAVA_INT, FuseProtocol.BATCH_COUNT, nodesAndLookups.length / 2);
            for (int i = 0; i < nodesAndLookups.length; i++) {
                body.set(JAVA_LONG, FuseProtocol.BATCH_FIRST + 8L * i, nodesAndLookups[i]);
            }
        });
    }

    private boolean takeOut(FuseRequest request) {
        return ForgetList.takeOut(
                request, node -> node >= 100, (node, lookups) -> taken.add(node + " " + lookups), known);
    }

    private static List<String> left(FuseRequest request) {
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < request.intAt(FuseProtocol.BATCH_COUNT); i++) {
            int at = FuseProtocol.BATCH_FIRST + i * FuseProtocol.BATCH_ENTRY_SIZE;
            nodes.add(request.longAt(at) + " " + request.longAt(at + Long.BYTES));
        }
        return nodes;
    }

    @Test
    void eachPlaneGetsItsOwnWithTheirLookups() {
        FuseRequest request = request(100, 3, 5, 2, 101, 1, 6, 7, 7, 4);
        assertThat(takeOut(request)).isTrue();
        assertThat(taken).containsExactly("100 3", "101 1");
        assertThat(left(request)).containsExactly("5 2", "6 7", "7 4");
        assertThat(request.length()).isEqualTo(40 + 8 + 3 * 16);
    }

    /// @param name of the node 5
    private void learn(Node name) {
        assertThat(known.learn(5, 0, name, () -> 0)).isZero();
        assertThat(known.answer(name, entry -> 0)).isTrue();
        assertThat(known.answer(name, entry -> 0)).isTrue();
    }

    @Test
    void libfuseIsNotToldOfWhatItDoesNotKnow() throws ErrnoException {
        learn(tree.resolve("/control"));
        FuseRequest request = request(5, 1, 6, 7);
        assertThat(takeOut(request)).isTrue();
        assertThat(left(request)).containsExactly("6 7");
        request = request(5, 2, 6, 7);
        assertThat(takeOut(request)).isTrue();
        assertThat(left(request)).as("one of the two was ours").containsExactly("5 1", "6 7");
    }

    @Test
    void whereOneIsLeftLibfuseIsAsked() {
        FuseRequest request = request(100, 3, 5, 2);
        assertThat(takeOut(request)).isTrue();
        assertThat(left(request)).containsExactly("5 2");
    }

    @Test
    void whereNoneIsLeftItIsNot() {
        assertThat(takeOut(request(100, 3, 101, 1))).isFalse();
        assertThat(taken).hasSize(2);
    }
}
