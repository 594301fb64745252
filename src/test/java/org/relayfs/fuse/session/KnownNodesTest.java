package org.relayfs.fuse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.Relay;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.Node;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.handler.HandlerLimits;

/// What libfuse is told of the lookups of its nodes: it ends the process when it hears of a node that it has given up.
final class KnownNodesTest {
    private static final int REFUSED = Errno.ENOENT.negative();
    private static final long ID = 7;
    private static final long GENERATION = 3;

    private Relay relay;
    private RelayTree tree;
    private KnownNodes known;
    private Node file;
    private Node other;

    @BeforeEach
    void make() throws IOException, ErrnoException {
        relay = Relay.create();
        tree = new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 10, HandlerLimits.DEFAULT));
        known = new KnownNodes(tree.root());
        file = tree.resolve("/control");
        other = tree.resolve("/version");
    }

    @AfterEach
    void close() {
        tree.close();
        relay.close();
    }

    private boolean answer(Node node, int result) {
        return known.answer(node, entry -> {
            assertThat(entry.id()).isEqualTo(ID);
            assertThat(entry.generation()).isEqualTo(GENERATION);
            return result;
        });
    }

    private void learn(Node node) {
        assertThat(known.learn(ID, GENERATION, node, () -> 0)).isZero();
    }

    @Test
    void theRootIsKnownFromTheStartAndForEver() {
        assertThat(known.find(1)).isSameAs(tree.root());
        assertThat(known.forget(1, 5)).isEqualTo(5);
        assertThat(known.find(1)).isSameAs(tree.root());
    }

    @Test
    void whatLibfuseHasNotAnsweredYetItIsToAnswer() {
        assertThat(answer(file, 0)).isFalse();
        assertThat(known.find(ID)).isNull();
        learn(file);
        assertThat(answer(file, 0)).isTrue();
        assertThat(known.find(ID)).isSameAs(file);
    }

    @Test
    void libfuseIsToldOfTheLookupsThatItKnowsOf() {
        learn(file);
        learn(file);
        assertThat(answer(file, 0)).isTrue();
        assertThat(answer(file, 0)).isTrue();
        assertThat(answer(file, 0)).isTrue();
        assertThat(known.forget(ID, 2)).isZero();
        assertThat(known.find(ID)).isSameAs(file);
        assertThat(known.forget(ID, 3)).as("one of ours, two of libfuse's").isEqualTo(2);
    }

    @Test
    void whatLibfuseMayHaveGivenUpIsNotKnownAnyMore() {
        learn(file);
        assertThat(known.forget(ID, 1)).isOne();
        assertThat(known.find(ID)).isNull();
        assertThat(answer(file, 0)).isFalse();
        assertThat(known.forget(ID, 4)).as("an unknown node").isEqualTo(4);
    }

    @Test
    void aReplyThatTheKernelDoesNotTakeDoesNotCount() {
        assertThat(known.learn(ID, GENERATION, file, () -> REFUSED)).isEqualTo(REFUSED);
        assertThat(known.find(ID)).isNull();
        learn(file);
        assertThat(answer(file, REFUSED)).isTrue();
        assertThat(known.forget(ID, 1)).isOne();
    }

    @Test
    void aNodeStandsForTheFileThatHasItsName() {
        learn(file);
        assertThat(answer(file, 0)).isTrue();
        learn(other);
        assertThat(known.find(ID)).isSameAs(other);
        assertThat(answer(file, 0)).isFalse();
        assertThat(answer(other, 0)).isTrue();
        assertThat(known.forget(ID, 3)).as("the lookups stay the node's").isOne();
    }
}
