package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.relayfs.Relay;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.RelayMount;
import org.relayfs.tree.AttributeChange;
import org.relayfs.tree.Caller;
import org.relayfs.tree.ErrnoException;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;

/// A relay, its tree and its mount, opened and closed together. Closing it twice, or from two threads, is harmless.
final class MountedRelay implements AutoCloseable {
    private static final Caller SUPERUSER = new Caller(0, 0, 0);

    private final Relay relay;
    private final RelayTree tree;
    private final RelayMount mount;

    private MountedRelay(Relay relay, RelayTree tree, RelayMount mount) {
        this.relay = relay;
        this.tree = tree;
        this.mount = mount;
    }

    static MountedRelay open(Path mountPoint, MountSettings settings) throws IOException {
        Relay relay = Relay.create(settings.quotaBytes());
        // The tree shows what only its mount can know.
        AtomicReference<MmapMode> mmap = new AtomicReference<>(MmapMode.OFF);
        RelayTree tree = new RelayTree(
                relay,
                new TreeOptions(
                        settings.uid(),
                        settings.gid(),
                        () -> "mmap " + mmap.get().text(),
                        settings.maxChannels()));
        try {
            if (settings.mode().isPresent()) {
                tree.setAttributes("/", AttributeChange.ofMode(settings.mode().get()), SUPERUSER);
            }
            RelayMount mount = RelayMount.mount(tree, mountPoint, settings.mount());
            mmap.set(mount.mmapMode());
            return new MountedRelay(relay, tree, mount);
        } catch (IOException | RuntimeException e) {
            tree.close();
            relay.close();
            throw e;
        } catch (ErrnoException e) {
            throw new AssertionError("the superuser may change the root", e);
        }
    }

    void awaitUnmounted() throws InterruptedException {
        mount.awaitUnmounted();
    }

    @Override
    public void close() {
        mount.close();
        tree.close();
        relay.close();
    }
}
