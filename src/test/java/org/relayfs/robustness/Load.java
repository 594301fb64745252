package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.relayfs.testing.Client;
import org.relayfs.testing.Programs;

/// Two threads of another process that write into two channels of a daemon, and two processes that read one of them
/// each. [#finish] proves that everything that was written has been read, once, whole and in order.
final class Load implements AutoCloseable {
    static final List<String> CHANNELS = List.of("kept0", "kept1");

    private static final int PATIENCE_S = 60;
    private static final long MORE_THAN_FITS = 4L << 20;

    /// Exit code of a reader that got what nobody has written so.
    private static final int WRONG = 3;

    private final Daemon daemon;
    private final List<Client> readers = new ArrayList<>();
    private Client writers;

    private Load(Daemon daemon) {
        this.daemon = daemon;
    }

    /// @param maxPauseNs longest pause of a writer between two bursts
    static Load start(Daemon daemon, int maxPauseNs) throws Exception {
        Load load = new Load(daemon);
        try {
            List<String> command = new ArrayList<>(List.of(
                    Daemon.java(),
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-Xmx64m",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CheckedWriters.class.getName(),
                    Integer.toString(maxPauseNs)));
            for (String channel : CHANNELS) {
                Client.shell("echo create $2 subbuf_size=64K n_subbufs=8 > $1/control", daemon.folder(), channel);
                load.readers.add(Client.start(
                                Programs.c("checking_reader"),
                                daemon.folder().resolve(channel).toString())
                        .awaitReady());
                command.add(daemon.channelFolder(channel).toString());
            }
            load.writers = Client.start(command).awaitReady();
        } catch (Exception | AssertionError e) {
            load.close();
            throw e;
        }
        return load;
    }

    Client writers() {
        return writers;
    }

    List<Client> readers() {
        return readers;
    }

    /// Ends the writers, destroys the channels and compares what was read with what was written.
    ///
    /// @return how many records there were
    long finish() throws Exception {
        writers.input().close();
        writers.awaitSuccess();
        long records = 0;
        for (int i = 0; i < CHANNELS.size(); i++) {
            Client.shell("echo destroy $2 > $1/control", daemon.folder(), CHANNELS.get(i));
            Map<String, String> read = byWriter(readers.get(i).awaitSuccess().output(), "read ");
            Map<String, String> written = byWriter(writers.output(), "written " + i + " ");
            Map<String, String> wanted = new HashMap<>();
            for (Map.Entry<String, String> entry : written.entrySet()) {
                long count = Long.parseLong(entry.getValue());
                records += count;
                if (count > 0) {
                    String sum = Long.toUnsignedString(CheckedRecord.sumOfTheFirst(count));
                    wanted.put(entry.getKey(), count + " " + sum);
                }
            }
            assertThat(read).as("records of %s, by writer", CHANNELS.get(i)).isEqualTo(wanted);
        }
        return records;
    }

    /// What the file `version` says.
    String askVersion() throws Exception {
        return Client.shell("cat $1/version", daemon.folder());
    }

    /// Waits until more has been written, which takes more than the buffers hold: so it is being read, too.
    void assertFlows() throws Exception {
        long from = written();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (written() - from < MORE_THAN_FITS) {
            assertThat(System.nanoTime() - deadline)
                    .as("nothing flows: %s", readers)
                    .isNegative();
        }
    }

    private long written() throws Exception {
        writers.input().write('?');
        writers.input().flush();
        return Long.parseLong(writers.awaitLine("bytes ").substring("bytes ".length()));
    }

    /// Ends the clients of a daemon that is gone. What they have read was whole and in order, and nobody hangs.
    void abandon(Pace pace) throws Exception {
        for (Client reader : readers) {
            int code = pace.end("a reader", reader);
            assertThat(code).as(reader.toString()).isNotEqualTo(WRONG);
        }
        writers.input().close();
        pace.soon("end of the writers", writers::awaitSuccess);
    }

    private static Map<String, String> byWriter(String output, String start) {
        Map<String, String> found = new HashMap<>();
        output.lines().filter(line -> line.startsWith(start)).forEach(line -> {
            String[] words = line.substring(start.length()).split(" ", 2);
            found.put(words[0], words[1]);
        });
        return found;
    }

    @Override
    public void close() {
        if (writers != null) {
            writers.close();
        }
        readers.forEach(Client::close);
    }
}
