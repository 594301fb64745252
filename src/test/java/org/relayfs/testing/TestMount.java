package org.relayfs.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.RelayMount;
import org.relayfs.memory.SharedFolder;

/// A relay and its mount on a folder of its own. This JVM serves it and so must not read it: other
/// processes do.
public final class TestMount implements AutoCloseable {
    private static final long PATIENCE_MS = 20_000;

    private final Path folder;
    private final boolean ownFolder;
    private final Relay relay;
    private final RelayMount mount;

    private TestMount(Path folder, boolean ownFolder, Relay relay, MountOptions options) throws IOException {
        this.folder = folder;
        this.ownFolder = ownFolder;
        this.relay = relay;
        assumeAllowed(relay, options.mmap());
        Leftovers.watchMountPoint(folder);
        try {
            mount = RelayMount.mount(relay, folder, options);
        } catch (IOException e) {
            relay.close();
            removeFolder();
            throw e;
        }
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
        return new TestMount(Files.createTempDirectory("relayfs-test"), true, relay, options);
    }

    /// Mounts on a folder of the test's own.
    ///
    /// @param folder  the folder; stays
    /// @param options of the mount
    /// @return the mount
    /// @throws IOException it cannot be mounted
    public static TestMount open(Path folder, MountOptions options) throws IOException {
        return new TestMount(folder, false, Relay.create(), options);
    }

    private void assumeAllowed(Relay relay, MmapMode mode) throws IOException {
        try {
            assumeAllowed(mode);
        } catch (TestAbortedException e) {
            relay.close();
            removeFolder();
            throw e;
        }
    }

    /// {@return options with which relay files have the sizes that the kernel's relay gives them: cached mappings,
    /// which
    /// an ordinary user gets otherwise, make them as large as the ring}
    ///
    /// @throws IOException nobody knows the user
    public static MountOptions likeTheKernel() throws IOException {
        return SharedFolder.userId() == 0
                ? MountOptions.defaults()
                : MountOptions.defaults().withMmap(MmapMode.OFF);
    }

    /// Skips the test where this user cannot mount so.
    ///
    /// @param mode of the mount to be
    /// @throws IOException nobody knows the user
    public static void assumeAllowed(MmapMode mode) throws IOException {
        assumeTrue(mode != MmapMode.PASSTHROUGH || SharedFolder.userId() == 0, "passthrough needs CAP_SYS_ADMIN");
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

    /// Opens a channel with one buffer, `cpu0`.
    ///
    /// @param name           of the channel
    /// @param subBufferSize  S
    /// @param subBufferCount N
    /// @return the channel
    /// @throws IOException it cannot be made
    public RelayChannel channel(String name, long subBufferSize, int subBufferCount) throws IOException {
        return relay.open(name, ChannelConfig.of(subBufferSize, subBufferCount).withGlobal(true));
    }

    /// Runs a shell script in the mount to its end, which must be 0.
    ///
    /// @param script for the shell
    /// @return what it has printed, without white space at the ends
    /// @throws Exception it fails
    public String sh(String script) throws Exception {
        return Client.shell("cd \"$1\" && " + script, folder).strip();
    }

    /// Runs a Python script to its end, which must be 0. `src/test/python/prelude.py` has what it may use.
    ///
    /// @param script the script
    /// @return what it has printed, without white space at the ends
    /// @throws Exception it fails
    public String python(String script) throws Exception {
        try (Client python = startPython(script)) {
            return python.awaitSuccess().output().strip();
        }
    }

    /// Starts a Python script. `src/test/python/prelude.py` has what it may use.
    ///
    /// @param script the script
    /// @return the running script
    /// @throws IOException it cannot be started
    public Client startPython(String script) throws IOException {
        String prelude = Files.readString(Path.of(Programs.python("prelude")));
        return Client.start("python3", "-u", "-c", prelude + script, folder.toString());
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
                mount) {
            // Closed in the opposite order.
        }
        removeFolder();
    }

    private void removeFolder() throws IOException {
        if (ownFolder) {
            Files.deleteIfExists(folder);
        }
    }
}
