package org.relayfs.tool.shipping;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.relayfs.buffer.BufferStats;
import org.relayfs.layout.ChannelHeader;

/// The copy of one sub-buffer, or of a part of one, until it is committed.
///
/// @param key       of its buffer
/// @param channel   its name
/// @param subBuffer its position
/// @param offset    bytes of it that went before
/// @param bytes     what it holds
/// @param next      how far the buffer is shipped with it
record Parcel(String key, String channel, long subBuffer, long offset, byte[] bytes, Position next) {
    static final String KIND = "kind";
    static final String DATA = "data";
    static final String METADATA = "metadata";

    /// {@return the record for Kafka}
    ///
    /// @param losses   of the buffer by now
    /// @param times    first and last, or null
    /// @param metadata version of it, or null for a channel that has none
    ProducerRecord<String, byte[]> record(String topic, BufferStats losses, EventTimes times, String metadata) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, bytes);
        Headers headers = record.headers();
        add(headers, KIND, DATA);
        add(headers, "channel", channel);
        add(headers, "position", subBuffer);
        add(headers, "offset", offset);
        add(headers, "full", losses.full());
        add(headers, "big", losses.big());
        add(headers, "straggler", losses.straggler());
        add(headers, "abandoned", losses.abandoned());
        add(headers, "layout", ChannelHeader.LAYOUT_VERSION);
        if (times != null) {
            add(headers, "first", times.first());
            add(headers, "last", times.last());
        }
        if (metadata != null) {
            add(headers, METADATA, metadata);
        }
        return record;
    }

    static void add(Headers headers, String name, Object value) {
        headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// {@return times of its events}
    EventTimes times() {
        return EventTimes.of(bytes);
    }
}
