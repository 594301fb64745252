package org.relayfs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.RelayMount;
import org.relayfs.memory.SharedFolder;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;

/// A relay, its tree and its mount on a folder of its own. This JVM serves it and so must not read it: other
/// processes do.
public final class TestMount implements AutoCloseable {
    private static final long PATIENCE_MS = 20_000;

    private final Path folder;
    private final Relay relay;
    private final RelayTree tree;
    private final RelayMount mount;

    private TestMount(Relay relay, MountOptions options) throws IOException {
        this.relay = relay;
        folder = Files.createTempDirectory("relayfs-test");
        Leftovers.watchMountPoint(folder);
        AtomicReference<MmapMode> mode = new AtomicReference<>(MmapMode.OFF);
        int user = SharedFolder.userId();
        tree = new RelayTree(
                relay, new TreeOptions(user, user, () -> "mmap " + mode.get().text()));
        try {
            mount = RelayMount.mount(tree, folder, options);
        } catch (IOException e) {
            tree.close();
            relay.close();
            Files.delete(folder);
            throw e;
        }
        mode.set(mount.mmapMode());
    }

    /// Mounts with the default options.
    ///
    /// @return the mount
    /// @throws IOException it cannot be mounted
    public static TestMount open() throws IOException {
        return open(MountOptions.defaults());
    }

    /// @param options of the mount
    /// @return the mount
    /// @throws IOException it cannot be mounted
    public static TestMount open(MountOptions options) throws IOException {
        return open(Relay.create(), options);
    }

    /// @param relay   what to mount; closed with the mount
    /// @param options of the mount
    /// @return the mount
    /// @throws IOException it cannot be mounted
    public static TestMount open(Relay relay, MountOptions options) throws IOException {
        return new TestMount(relay, options);
    }

    /// @return the owner of its channels
    public Relay relay() {
        return relay;
    }

    /// @return the mount itself
    public RelayMount mount() {
        return mount;
    }

    /// @return the folder that it is mounted on
    public Path path() {
        return folder;
    }

    /// @param name a path inside the mount
    /// @return its path outside
    public String file(String name) {
        return folder.resolve(name).toString();
    }

    /// Waits until a client has created a channel.
    ///
    /// @param name of the channel
    /// @return the channel
    /// @throws InterruptedException the test is ended
    public RelayChannel awaitChannel(String name) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (relay.channel(name).isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("nobody has created the channel " + name);
            }
            Thread.sleep(1);
        }
        return relay.channel(name).get();
    }

    @Override
    public void close() throws IOException {
        try (relay;
                tree;
                mount) {
            // Closed in the opposite order.
        }
        Files.deleteIfExists(folder);
    }
}
