package org.relayfs.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.RelayMount;

/// A mount that another JVM serves, so that it can be killed: a global channel `app`, S 4096, N 4, in which each
/// line of standard input becomes a record.
public final class MountServer {
    private MountServer() {}

    /// Starts it.
    ///
    /// @param folder to mount on
    /// @param mode   of mappings
    /// @return the process, once it is mounted
    /// @throws Exception it does not mount
    public static Client start(Path folder, MmapMode mode) throws Exception {
        Leftovers.watchMountPoint(folder);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MountServer.class.getName(),
                folder.toString(),
                mode.text());
        return Client.start(command).awaitReady();
    }

    /// Serves until it is killed, or until its standard input ends.
    ///
    /// @param args folder to mount on, mode of mappings
    /// @throws IOException it cannot mount
    public static void main(String[] args) throws IOException {
        MountOptions options = MountOptions.defaults().withMmap(MmapMode.of(args[1]));
        try (Relay relay = Relay.create();
                RelayChannel channel =
                        relay.open("app", ChannelConfig.of(4096, 4).withGlobal(true));
                RelayMount mount = RelayMount.mount(relay, Path.of(args[0]), options)) {
            System.out.println(mount.isMounted() ? "ready" : "gone");
            new String(System.in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .forEach(line -> channel.write(line.getBytes(StandardCharsets.US_ASCII)));
        }
    }
}
