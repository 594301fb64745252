package org.relayfs.tool.shipping;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// How far buffers were shipped by shippers before this one, as the topic of positions says.
final class ShippedPositions {
    private static final Duration POLL = Duration.ofMillis(200);

    private ShippedPositions() {}

    /// Reads all that was committed until now. Transactions of other hosts may be open, and hide what was committed
    /// after they began: it waits until they end, which the broker sees to.
    ///
    /// @param prefix of the keys that are wanted
    /// @param patienceMs how long one of those may take
    static Map<String, Position> read(Properties client, String topic, String prefix, long patienceMs) {
        Map<String, Position> positions = new HashMap<>();
        Map<TopicPartition, Long> ends = ends(client, topic);
        try (KafkaConsumer<String, byte[]> consumer = consumer(client, "read_committed")) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
            while (!isAtEnd(consumer, ends)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new KafkaException("topic " + topic + ": its end was not reached in " + patienceMs + " ms");
                }
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (record.key() != null && record.key().startsWith(prefix) && record.value() != null) {
                        positions.put(record.key(), Position.parse(record.key(), record.value()));
                    }
                }
            }
        }
        return positions;
    }

    private static boolean isAtEnd(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static Map<TopicPartition, Long> ends(Properties client, String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer(client, "read_uncommitted")) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            return consumer.endOffsets(partitions);
        }
    }

    private static KafkaConsumer<String, byte[]> consumer(Properties client, String isolation) {
        Properties all = new Properties();
        all.putAll(client);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return new KafkaConsumer<>(all, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
