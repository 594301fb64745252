package org.relayfs.tool.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.testing.Babeltrace;
import org.relayfs.testing.Client;
import picocli.CommandLine;

/// What a killed owner's channel of events has held becomes a trace that babeltrace2 reads.
@Timeout(60)
final class RecoverEventsIT {
    @TempDir
    private Path temp;

    /// Owns a channel of events, and logs into it.
    static final class Owner {
        private Owner() {}

        /// Ends with an event that it does not finish.
        public static void main(String[] args) throws IOException, InterruptedException {
            RelayChannel channel = Relay.create()
                    .open("app", ChannelConfig.of(4096, 8).withEvents(true).withGlobal(true));
            System.out.println("folder " + channel.folder());
            channel.reserve(channel.newReservation(), 100);
            channel.events()
                    .register(EventType.named("started")
                            .field("value", FieldKind.I64)
                            .build())
                    .log(42);
            int accepted = 0;
            for (int i = 0; i < 2000; i++) {
                accepted += channel.write(bytes("event " + i)) > 0 ? 1 : 0;
            }
            System.out.println("accepted " + accepted);
            Thread.currentThread().join();
        }
    }

    private Babeltrace recovered(Path channel, int code) throws Exception {
        StringWriter said = new StringWriter();
        Path out = temp.resolve("out");
        assertThat(new CommandLine(new RecoverCommand())
                        .setOut(new PrintWriter(said))
                        .setErr(new PrintWriter(said))
                        .execute(channel.toString(), "-o", out.toString()))
                .as(said::toString)
                .isEqualTo(code);
        return Babeltrace.of(out.resolve(channel.getParent().getFileName()).resolve(channel.getFileName()));
    }

    @Test
    void theMemoryOfAKilledProcessBecomesATrace() throws Exception {
        try (Client owner = Client.startJava(Owner.class)) {
            Path channel = Path.of(owner.awaitLine("folder ").substring("folder ".length()));
            try {
                int accepted = Integer.parseInt(owner.awaitLine("accepted ").substring("accepted ".length()));
                owner.signal("KILL").awaitEnd();
                Babeltrace trace = recovered(channel, 0);
                assertThat(trace.count("bytes")).isEqualTo(accepted).isPositive();
                assertThat(trace.events().stream().filter(event -> event.type().equals("started")))
                        .extracting(Babeltrace.Event::payload)
                        .containsExactly("42");
                // And the one that was not finished.
                assertThat(trace.lostEvents()).isEqualTo(2000 - accepted + 1);
                assertThat(trace.lostPackets()).isZero();
            } finally {
                Client.shell("rm -r \"$1\"", channel.getParent());
            }
        }
    }
}
