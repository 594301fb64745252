package org.relayfs.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.AttachedChannel;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.buffer.WriteResult;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.RelayMount;
import org.relayfs.reader.ChannelObserver.Start;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;

/// An observer and a consumer that map a channel go on when its owner is killed and another one takes it over.
@MountTest
@Timeout(120)
class AdoptedReadersIT {
    private static final int LENGTH = 32;
    private static final int COUNT = 4;

    @TempDir
    Path folder;

    /// Mounts a channel, or the one that was left there.
    static final class Owner {
        private Owner() {}

        /// Owns.
        ///
        /// @param args folder to mount on
        public static void main(String[] args) throws IOException {
            MountOptions options = MountOptions.defaults().withAdopt(true);
            try (Relay relay = Relay.create();
                    RelayMount mount = RelayMount.mount(relay, Path.of(args[0]), options)) {
                if (relay.channel("app").isEmpty()) {
                    relay.open("app", ChannelConfig.of(LENGTH, COUNT).withGlobal(true));
                }
                System.out.println(mount.isMounted() ? "ready" : "gone");
                while (System.in.read() >= 0) {
                    // Until it is killed, or its input ends.
                }
            }
        }
    }

    private Client start() throws Exception {
        Client owner = Client.startJava(
                Owner.class,
                "-XX:TieredStopAtLevel=1",
                "--",
                folder.resolve("mnt").toString());
        Leftovers.watchProcess(owner.pid());
        return owner.awaitReady();
    }

    private static void write(AttachedChannel channel, int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(channel.write(record(i))).isEqualTo(LENGTH);
        }
    }

    private static byte[] record(int number) {
        return bytes("%031d\n".formatted(number));
    }

    private static String text(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(new String(record(i), StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    private static void take(ChannelConsumer consumer, StringBuilder to) throws IOException {
        consumer.buffers().getFirst().take((pieces, count, total) -> {
            for (int i = 0; i < count; i++) {
                to.append(new String(pieces[i].toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII));
            }
            return true;
        });
    }

    private static String observe(ChannelObserver observer) {
        MemorySegment target = MemorySegment.ofArray(new byte[LENGTH]);
        StringBuilder text = new StringBuilder();
        for (int read = observer.buffers().getFirst().read(target, 0, LENGTH);
                read > 0;
                read = observer.buffers().getFirst().read(target, 0, LENGTH)) {
            text.append(new String(target.toArray(ValueLayout.JAVA_BYTE), 0, read, StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    @Test
    void theyGoOn() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("mnt")).resolve("app");
        Leftovers.watchMountPoint(folder.resolve("mnt"));
        StringBuilder consumed = new StringBuilder();
        Client owner = start();
        try (AttachedChannel writer = AttachedChannel.attach(directory);
                ChannelObserver observer = ChannelObserver.open(directory, Start.OLDEST);
                ChannelConsumer consumer = ChannelConsumer.open(directory)) {
            write(writer, 0, 3);
            take(consumer, consumed);
            assertThat(consumed).hasToString(text(0, 1));
            assertThat(observe(observer)).isEqualTo(text(0, 3));
            owner.signal("KILL").awaitEnd();
            owner.close();

            // What is written while nobody owns it is seen, but cannot be given back.
            write(writer, 3, 5);
            assertThat(writer.write(record(5))).isEqualTo(WriteResult.FULL);
            assertThat(observe(observer)).isEqualTo(text(3, 5));
            assertThat(observer.state()).isEqualTo(ReaderState.OWNER_GONE);
            assertThatThrownBy(() -> take(consumer, consumed)).isInstanceOf(IOException.class);
            assertThat(writer.write(record(5))).isEqualTo(WriteResult.FULL);

            owner = start();
            assertThat(observer.state()).isEqualTo(ReaderState.OPEN);
            while (consumer.buffers().getFirst().hasData()) {
                take(consumer, consumed);
            }
            write(writer, 5, 8);
            while (consumer.await(0, TimeUnit.MILLISECONDS)) {
                take(consumer, consumed);
            }
            assertThat(consumed).hasToString(text(0, 7));
            assertThat(observe(observer)).isEqualTo(text(5, 8));
            assertThat(observer.missedBytes()).isZero();
        } finally {
            owner.input().close();
            owner.awaitEnd();
            owner.close();
        }
    }
}
