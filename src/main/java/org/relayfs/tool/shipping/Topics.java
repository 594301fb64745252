package org.relayfs.tool.shipping;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/// The topics that records go to, made if they are not there.
final class Topics {
    private Topics() {}

    /// The topic that tells how far each buffer was shipped.
    static String positions(String topic) {
        return topic + "-positions";
    }

    static void prepare(Properties client, String topic) throws InterruptedException {
        try (Admin admin = Admin.create(client)) {
            create(admin, new NewTopic(topic, Optional.empty(), Optional.empty()));
            String positions = positions(topic);
            NewTopic compacted = new NewTopic(positions, Optional.of(1), Optional.empty())
                    .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
            if (!create(admin, compacted)) {
                requireCompacted(admin, positions);
            }
        }
    }

    /// {@return false when it was there}
    private static boolean create(Admin admin, NewTopic topic) throws InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw failed("make topic " + topic.name(), e);
        }
    }

    /// Else old positions would be forgotten, and their records shipped again.
    private static void requireCompacted(Admin admin, String topic) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            String policy = admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                    .value();
            if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                throw new KafkaException("topic " + topic + ": cleanup.policy=" + policy
                        + ", limit=compact: positions would be forgotten; change it, or ship to another topic");
            }
        } catch (ExecutionException e) {
            throw failed("look at topic " + topic, e);
        }
    }

    private static KafkaException failed(String what, ExecutionException e) {
        return new KafkaException("cannot " + what + ": " + e.getCause(), e.getCause());
    }
}
