package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.linux.Cpus;
import org.relayfs.tree.Directory;
import org.relayfs.tree.ErrnoException;
import org.relayfs.tree.RelayFile;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;

/// Files are named by real CPU numbers, which may have holes, and those of CPUs that come later appear.
class LateBuffersTest {
    private Relay relay;
    private RelayTree tree;

    @BeforeEach
    void mount() throws Exception {
        relay = Relay.create(Long.MAX_VALUE, new Cpus(List.of(0, 3), 6));
        tree = new RelayTree(relay, new TreeOptions(0, 0, () -> "mmap off"));
    }

    @AfterEach
    void unmount() {
        tree.close();
        relay.close();
    }

    private List<String> relayFiles() throws ErrnoException {
        return ((Directory) tree.resolve("/app"))
                .names().stream().filter(name -> name.startsWith("cpu")).toList();
    }

    @Test
    void filesAreNamedByTheNumbersOfTheCpus() throws Exception {
        relay.open("app", ChannelConfig.of(4096, 2));
        assertThat(relayFiles())
                .containsExactly("cpu0", "cpu0.produced", "cpu0.consumed", "cpu3", "cpu3.produced", "cpu3.consumed");
    }

    @Test
    void aCpuThatComesLaterGetsItsFilesWithItsFirstRecord() throws Exception {
        RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2));
        RelayFile first = (RelayFile) tree.resolve("/app/cpu0");
        assertThat(channel.writeTo(5, MemorySegment.ofArray(new byte[10]), 0, 10))
                .isEqualTo(10);
        assertThat(relayFiles()).hasSize(9).contains("cpu5", "cpu5.produced", "cpu5.consumed");
        RelayFile late = (RelayFile) tree.resolve("/app/cpu5");
        assertThat(late.buffer().hasData()).isTrue();
        assertThat(tree.resolve("/app/cpu0")).isSameAs(first);
        channel.close();
        assertThat(late.isRemoved()).isTrue();
        assertThat(late.buffer().hasData()).isTrue();
    }
}
