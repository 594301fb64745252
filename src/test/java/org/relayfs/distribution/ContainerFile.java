package org.relayfs.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The containers of a Pod or of a Compose file: what matters to a kernel.
///
/// @param memories sizes in bytes of the volumes that are memory
/// @param containers by name
record ContainerFile(Map<String, Long> memories, Map<String, Container> containers) {
    private static final String SHM = "shm";

    /// A volume as a container has it.
    ///
    /// @param volume      its name
    /// @param target      where
    /// @param propagation as `mount --make-` calls it
    record Mount(String volume, String target, String propagation) {}

    /// A container.
    ///
    /// @param command     what it runs; empty: what its image says
    /// @param probe       tells whether it is ready
    /// @param environment `NAME=value`
    /// @param user        and group
    record Container(
            List<String> command, List<String> probe, List<String> environment, List<Mount> mounts, String user) {}

    static ContainerFile read(Path file) throws IOException {
        JsonNode root = new YAMLMapper().readTree(file.toFile());
        return root.has("services") ? compose(root) : pod(root.get("spec"));
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static long bytes(String size) {
        long number = Long.parseLong(size.replaceAll("(?i)(Mi|m)$", ""));
        return number << 20;
    }

    private static ContainerFile pod(JsonNode spec) {
        Map<String, Long> memories = new LinkedHashMap<>();
        for (JsonNode volume : spec.get("volumes")) {
            JsonNode folder = volume.get("emptyDir");
            if (folder.path("medium").asText().equals("Memory")) {
                memories.put(
                        volume.get("name").asText(),
                        bytes(folder.get("sizeLimit").asText()));
            }
        }
        JsonNode user = spec.path("securityContext");
        String userAndGroup = user.path("runAsUser").asText("0") + ":"
                + user.path("runAsGroup").asText("0");
        Map<String, Container> containers = new LinkedHashMap<>();
        Stream.concat(
                        spec.get("initContainers").valueStream(),
                        spec.get("containers").valueStream())
                .forEach(container -> containers.put(
                        container.get("name").asText(),
                        new Container(
                                texts(container.path("command")),
                                texts(container
                                        .path("startupProbe")
                                        .path("exec")
                                        .path("command")),
                                container
                                        .path("env")
                                        .valueStream()
                                        .map(variable -> variable.get("name").asText() + "="
                                                + variable.get("value").asText())
                                        .toList(),
                                container
                                        .get("volumeMounts")
                                        .valueStream()
                                        .map(ContainerFile::volumeMount)
                                        .toList(),
                                userAndGroup)));
        return new ContainerFile(memories, containers);
    }

    private static Mount volumeMount(JsonNode mount) {
        return new Mount(
                mount.get("name").asText(),
                mount.get("mountPath").asText(),
                switch (mount.path("mountPropagation").asText("None")) {
                    case "Bidirectional" -> "rshared";
                    case "HostToContainer" -> "rslave";
                    default -> "rprivate";
                });
    }

    private static ContainerFile compose(JsonNode root) {
        Map<String, Container> containers = new LinkedHashMap<>();
        Map<String, Long> memories = new LinkedHashMap<>();
        root.get("services").properties().forEach(service -> {
            JsonNode container = service.getValue();
            List<Mount> mounts = new ArrayList<>();
            for (JsonNode mount : container.get("volumes")) {
                mounts.add(new Mount(
                        mount.get("source").asText().replace('/', '_'),
                        mount.get("target").asText(),
                        mount.path("bind").path("propagation").asText("rprivate")));
            }
            if (container.has("shm_size")) {
                memories.put(SHM, bytes(container.get("shm_size").asText()));
            }
            if (container.has("ipc")) {
                mounts.add(new Mount(SHM, "/dev/shm", "rprivate"));
            }
            containers.put(
                    service.getKey(),
                    new Container(
                            texts(container.path("entrypoint")).stream()
                                    .map(word -> word.replace("$$", "$"))
                                    .toList(),
                            // The first word says how.
                            texts(container.path("healthcheck").path("test")).stream()
                                    .skip(1)
                                    .toList(),
                            container.path("environment").properties().stream()
                                    .map(variable -> variable.getKey() + "="
                                            + variable.getValue().asText())
                                    .toList(),
                            mounts,
                            "0:0"));
        });
        return new ContainerFile(memories, containers);
    }
}
