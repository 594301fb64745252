package org.relayfs.tool.shipping;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.relayfs.buffer.BufferStats;

/// Ships until something fails; then another one goes on from what Kafka says was committed. There is no other way
/// back,
/// whatever has failed.
final class ShipSession implements Closeable {
    private static final int BATCH_SIZE = 1_000_000;
    private static final long PATIENCE_MS = 120_000;

    private final Route route;
    private final Figures figures;
    private final KafkaProducer<String, byte[]> producer;
    private final Channels channels;
    private Map<String, Position> committed;
    // By key of the buffer.
    private final Map<String, String> described = new HashMap<>();

    /// What is shipped of one channel in a transaction.
    private record Load(ShippedChannel channel, List<Parcel> parcels, Map<String, BufferStats> stats, String version) {}

    ShipSession(Route route, Figures figures) throws IOException, InterruptedException {
        this.route = route;
        this.figures = figures;
        Topics.prepare(route.client(), route.topic());
        this.producer = new KafkaProducer<>(properties(route), new StringSerializer(), new ByteArraySerializer());
        this.channels = new Channels(route.mount(), route.names(), route.prefix(), route.mostOfSubBuffer());
        boolean begun = false;
        try {
            // Ends the transaction of whoever was here before.
            producer.initTransactions();
            committed = ShippedPositions.read(
                    route.client(), Topics.positions(route.topic()), route.prefix() + "/", PATIENCE_MS);
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    private static Properties properties(Route route) {
        Properties all = new Properties();
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_SIZE);
        all.putAll(route.client());
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, route.half());
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, route.transactionalId());
        return all;
    }

    Channels channels() {
        return channels;
    }

    /// Ships what is in closed sub-buffers, in one transaction.
    ///
    /// @return false when there was nothing
    boolean ship() throws IOException {
        List<Load> loads = new ArrayList<>();
        long[] left = {route.half()};
        channels.each(channel -> {
            List<Parcel> parcels = left[0] > 0 ? channel.collect(left[0], committed) : List.of();
            if (!parcels.isEmpty()) {
                loads.add(new Load(channel, parcels, channel.stats(), channel.describe()));
                left[0] -= parcels.stream()
                        .mapToLong(parcel -> parcel.bytes().length)
                        .sum();
            }
        });
        if (!loads.isEmpty()) {
            commit(loads, route.half() - left[0]);
        }
        // Those, too, that were shipped before and not given back.
        channels.each(ShippedChannel::giveBack);
        return !loads.isEmpty();
    }

    private void commit(List<Load> loads, long bytes) {
        long begunNs = System.nanoTime();
        Map<String, Position> next = new HashMap<>();
        producer.beginTransaction();
        for (Load load : loads) {
            for (Parcel parcel : load.parcels()) {
                describe(load, parcel.key());
                EventTimes times = load.version() == null ? null : parcel.times();
                send(parcel.record(route.topic(), load.stats().get(parcel.key()), times, load.version()));
                next.put(parcel.key(), parcel.next());
            }
        }
        String positions = Topics.positions(route.topic());
        next.forEach((key, position) -> send(new ProducerRecord<>(positions, key, position.text())));
        producer.commitTransaction();
        committed.putAll(next);
        int count = loads.stream().mapToInt(load -> load.parcels().size()).sum();
        figures.committed(count, bytes, System.nanoTime() - begunNs);
    }

    /// Whether it has failed, the commit tells.
    private void send(ProducerRecord<String, byte[]> record) {
        Future<RecordMetadata> _ = producer.send(record);
    }

    /// With the same key it goes to the same partition, before the data that need it.
    private void describe(Load load, String key) {
        if (load.version() != null && !load.version().equals(described.get(key))) {
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(route.topic(), key, load.channel().metadata());
            Parcel.add(record.headers(), Parcel.KIND, Parcel.METADATA);
            Parcel.add(record.headers(), "channel", load.channel().name());
            Parcel.add(record.headers(), Parcel.METADATA, load.version());
            send(record);
            described.put(key, load.version());
        }
    }

    /// Does not wait: what was not committed is aborted by the next session.
    @Override
    public void close() throws IOException {
        producer.close(Duration.ZERO);
        channels.close();
    }
}
