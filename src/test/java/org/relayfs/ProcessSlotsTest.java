package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.buffer.Reservation;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.testing.Client;

/// Who gets which slot in a channel's table of processes.
@Timeout(120)
class ProcessSlotsTest {
    private final List<AttachedChannel> attached = new ArrayList<>();
    private Relay relay;
    private RelayChannel channel;

    /// Attaches, reserves if it is told to, and waits to be killed.
    static final class Victim {
        private Victim() {}

        /// Attaches.
        ///
        /// @param args the channel's folder, and how many bytes to reserve
        public static void main(String[] args) throws IOException {
            AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]));
            Reservation reservation = channel.newReservation();
            int length = Integer.parseInt(args[1]);
            if (length > 0) {
                channel.reserve(reservation, length);
            }
            System.out.println("attached");
            while (System.in.read() >= 0) {
                // Until it is killed.
            }
        }
    }

    @BeforeEach
    void open() throws IOException {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(4096, 4).withGlobal(true));
    }

    @AfterEach
    void close() {
        attached.forEach(AttachedChannel::close);
        relay.close();
    }

    private void attach() throws IOException {
        attached.add(AttachedChannel.attach(channel.folder()));
    }

    private long pidIn(int slot) throws IOException {
        try (FileChannel meta = FileChannel.open(channel.folder().resolve("meta"))) {
            ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
            meta.read(word, ChannelHeader.PROCESSES_OFFSET + (long) slot * ChannelHeader.PROCESS_STRIDE);
            return word.getLong(0);
        }
    }

    private long killed(int reserved) throws Exception {
        try (Client victim = Client.startJava(Victim.class, channel.folder().toString(), Integer.toString(reserved))) {
            victim.awaitLine("attached");
            victim.signal("KILL");
            victim.awaitEnd();
            return victim.pid();
        }
    }

    @Test
    void thereAreSoManyAndOneThatIsGivenBackIsUsedAgain() throws Exception {
        for (int i = 1; i < ChannelHeader.PROCESS_SLOTS; i++) {
            attach();
        }
        assertThatThrownBy(this::attach)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too many processes have attached: limit=128");
        attached.remove(50).close();
        assertThat(pidIn(51)).isZero();
        attach();
        assertThat(pidIn(51)).isEqualTo(ProcessHandle.current().pid());
        assertThat(attached.getLast().write(new byte[10])).isEqualTo(10);
    }

    @Test
    void thatOfADeadProcessIsUsedAgain() throws Exception {
        assertThat(killed(0)).isEqualTo(pidIn(1));
        attach();
        assertThat(pidIn(1)).isEqualTo(ProcessHandle.current().pid());
        assertThat(pidIn(2)).isZero();
    }

    @Test
    void thatOfADeadProcessIsItsOwnUntilWhatItOwesIsGivenUp() throws Exception {
        long dead = killed(10);
        attach();
        assertThat(pidIn(1)).isEqualTo(dead);
        assertThat(pidIn(2)).isEqualTo(ProcessHandle.current().pid());
        assertThat(attached.getLast().write(new byte[10])).isEqualTo(10);
        assertThat(channel.buffers().getFirst().stats().abandoned()).isZero();

        long end = System.nanoTime() + 10_000_000_000L;
        while (pidIn(1) == dead && System.nanoTime() < end) {
            read(channel.buffers().getFirst(), 100);
            channel.flush();
            Thread.sleep(20);
            attach();
        }
        assertThat(pidIn(1)).isEqualTo(ProcessHandle.current().pid());
        assertThat(channel.buffers().getFirst().stats().abandoned()).isEqualTo(1);
    }
}
