package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.handler.HandlerLimits;

/// What meets a directory that has gone between being found and being changed.
class NamespaceTest {
    private final Namespace namespace =
            new Namespace(new Inodes(), new TreeOptions(1000, 1000, 0755, () -> "mmap off", 2, HandlerLimits.DEFAULT));
    private final FlushTimer timer = new FlushTimer();
    private final SlotMaker slots =
            (directory, settings) -> new ChannelSlot(directory, settings, timer, slot -> Map.of());

    @AfterEach
    void stop() {
        timer.close();
    }

    private Directory make(Directory parent, String name) throws ErrnoException {
        namespace.make(parent, name, 0755, OWNER, slots);
        return (Directory) parent.child(name);
    }

    @Test
    void nothingIsMadeInADirectoryThatIsRemoved() throws ErrnoException {
        Directory gone = make(namespace.root(), "gone");
        namespace.remove(gone);
        assertThat(refusal(() -> make(gone, "below"))).isEqualTo(Errno.ENOENT);
        assertThat(gone.names()).isEmpty();
        assertThat(gone.attributes().links()).isZero();
        assertThat(namespace.slotCount()).isZero();
    }

    @Test
    void aDirectoryIsRemovedOnce() throws ErrnoException {
        Directory gone = make(namespace.root(), "gone");
        namespace.remove(gone);
        assertThat(refusal(() -> namespace.remove(gone))).isEqualTo(Errno.ENOENT);
        assertThat(namespace.slotCount()).isZero();
    }

    @Test
    void aRemovedDirectoryIsNotKept() throws ErrnoException {
        Directory gone = make(namespace.root(), "gone");
        ChannelSlot slot = gone.slot();
        namespace.remove(gone);
        assertThat(refusal(() -> namespace.keep(slot))).isEqualTo(Errno.ENODEV);
    }

    @Test
    void aNameIsGivenOnce() throws ErrnoException {
        make(namespace.root(), "a");
        assertThat(refusal(() -> make(namespace.root(), "a"))).isEqualTo(Errno.EEXIST);
        assertThat(namespace.slotCount()).isOne();
        make(namespace.root(), "b");
        assertThat(refusal(() -> make(namespace.root(), "c"))).isEqualTo(Errno.ENOSPC);
        assertThat(namespace.find(List.of("c"))).isNull();
    }

    @Test
    void whatIsMadeAndRemovedChangesTheTimesOfItsParent() throws ErrnoException {
        Directory parent = make(namespace.root(), "a");
        long made = namespace.root().attributes().mtimeNs();
        Directory below = make(parent, "b");
        long changed = parent.attributes().mtimeNs();
        assertThat(changed).isGreaterThanOrEqualTo(made);
        assertThat(parent.attributes().links()).isEqualTo(3);
        namespace.remove(below);
        assertThat(parent.attributes().mtimeNs()).isGreaterThan(changed);
        assertThat(parent.attributes().links()).isEqualTo(2);
    }
}
