package program;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.RelayMount;

/// Opens a channel, writes, reads back in the same process, mounts on the folder that is given and waits for the end of
/// its standard input.
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        System.out.println("modules " + Main.class.getModule().getName() + " "
                + Relay.class.getModule().getName());
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", ChannelConfig.of(65536, 4).withGlobal(true))) {
            write(channel, "for itself\n");
            byte[] read = new byte[100];
            int length = channel.buffers().getFirst().read(MemorySegment.ofArray(read), 0, read.length);
            System.out.print("read " + new String(read, 0, length, StandardCharsets.UTF_8));
            write(channel, "for cat\n");
            try (RelayMount mount = RelayMount.mount(relay, Path.of(args[0]))) {
                System.out.println("mounted " + mount.isMounted());
                System.in.transferTo(System.err);
            }
        }
    }

    private static void write(RelayChannel channel, String record) {
        channel.write(record.getBytes(StandardCharsets.UTF_8));
    }
}
