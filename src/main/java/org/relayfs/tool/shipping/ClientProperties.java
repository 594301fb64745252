package org.relayfs.tool.shipping;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// What the user says of the connection, in Kafka's own words.
final class ClientProperties {
    /// Other users see command lines.
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|secret|jaas|token|credential|private|\\.key$|keystore\\.key).*");

    /// What exactly-once depends on.
    private static final List<String> OURS = List.of(
            "bootstrap.servers",
            "acks",
            "enable.idempotence",
            "transactional.id",
            "isolation.level",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "buffer.memory");

    private ClientProperties() {}

    /// {@return all of them}
    ///
    /// @param file  a file of properties, or null
    /// @param words KEY=VALUE, which go before those of the file
    static Properties of(Path file, Map<String, String> words) throws IOException, ToolException {
        Properties all = new Properties();
        if (file != null) {
            try (Reader reader = Files.newBufferedReader(file)) {
                all.load(reader);
            } catch (IllegalArgumentException e) {
                throw new ToolException(ExitCode.USAGE, file + ": not a file of properties: " + e.getMessage());
            }
        }
        for (Map.Entry<String, String> word : words.entrySet()) {
            if (SECRET.matcher(word.getKey()).matches()) {
                throw new ToolException(
                        ExitCode.USAGE,
                        "-P " + word.getKey() + ": other users see command lines; put it into a file that only you may"
                                + " read, and name that with --properties");
            }
            all.put(word.getKey(), word.getValue());
        }
        for (String key : OURS) {
            if (all.containsKey(key)) {
                throw new ToolException(
                        ExitCode.USAGE,
                        key + ": relayfs sets it itself; leave it out, or see --to, --host and --memory");
            }
        }
        return all;
    }
}
