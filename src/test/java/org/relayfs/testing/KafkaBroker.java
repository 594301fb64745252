package org.relayfs.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// A real broker, in a process of its own, that can be killed and started again with what it has written.
public final class KafkaBroker implements AutoCloseable {
    private static final Path CLASS_PATH = Path.of("target/kafka-broker.classpath");
    private static final long PATIENCE_S = 60;

    private final Path folder;
    private final int port;
    private final Path settings;
    private Client process;

    /// Starts one.
    ///
    /// @param folder for its files, an empty one
    /// @throws Exception it does not start
    public KafkaBroker(Path folder) throws Exception {
        assumeTrue(Files.exists(CLASS_PATH), "no " + CLASS_PATH + ": the build makes it before tests on a mount");
        this.folder = folder;
        this.port = freePort();
        this.settings = folder.resolve("server.properties");
        Files.writeString(settings, settings(freePort()));
        String id = "AAAAAAAAAAAAAAAAAAAAAQ";
        try (Client format = start("kafka.tools.StorageTool", "format", "-t", id, "-c", settings.toString())) {
            format.awaitSuccess();
        }
        start();
    }

    /// {@return a port that nobody listens on}
    ///
    /// @throws IOException there is none
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String settings(int controller) {
        return Map.ofEntries(
                        Map.entry("process.roles", "broker,controller"),
                        Map.entry("node.id", "1"),
                        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                        Map.entry("listeners", "PLAINTEXT://" + address() + ",CONTROLLER://127.0.0.1:" + controller),
                        Map.entry("advertised.listeners", "PLAINTEXT://" + address()),
                        Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                        Map.entry("controller.listener.names", "CONTROLLER"),
                        Map.entry("log.dirs", folder.resolve("data").toString()),
                        Map.entry("offsets.topic.replication.factor", "1"),
                        Map.entry("offsets.topic.num.partitions", "1"),
                        Map.entry("transaction.state.log.replication.factor", "1"),
                        Map.entry("transaction.state.log.min.isr", "1"),
                        Map.entry("transaction.state.log.num.partitions", "1"),
                        Map.entry("log.cleaner.enable", "false"),
                        Map.entry("num.partitions", "4"))
                .entrySet()
                .stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Client start(String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Files.readString(CLASS_PATH).strip(),
                main));
        command.addAll(List.of(arguments));
        return Client.start(command);
    }

    /// {@return where it listens}
    public String address() {
        return "127.0.0.1:" + port;
    }

    /// Starts it again.
    ///
    /// @throws Exception it does not start
    public void start() throws Exception {
        process = start("kafka.Kafka", settings.toString());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new AssertionError("no broker: " + process);
            }
            Thread.sleep(20);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Kills it.
    public void kill() {
        process.close();
    }

    /// {@return all records of a topic whose transactions were committed, in the order of each partition}
    ///
    /// @param topic its name
    public List<ConsumerRecord<String, byte[]>> committed(String topic) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", address());
        properties.put("isolation.level", "read_committed");
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Set<TopicPartition> left = new HashSet<>(partitions);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
            while (!left.isEmpty()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("the end of " + left + " was not reached");
                }
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                left.removeIf(at -> consumer.position(at) >= ends.get(at));
            }
        }
        return records;
    }

    @Override
    public void close() {
        process.close();
    }
}
