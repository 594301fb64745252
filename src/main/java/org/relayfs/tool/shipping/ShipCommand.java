package org.relayfs.tool.shipping;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.relayfs.event.ctf.ThisMachine;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.TimeSpan;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.ChannelArguments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs ship`: sends the channels of a mount to Kafka.
@Command(
        name = "ship",
        description = {
            "Sends the sub-buffers of channels to a topic of Kafka, each exactly once.",
            "A sub-buffer is consumed when the transaction that holds it is committed. Without NAME, all channels are "
                    + "shipped, those included that come later. It runs until SIGINT or SIGTERM; the next one goes on "
                    + "where it has stopped."
        },
        exitCodeList = {
            "0:told to stop",
            "1:incorrect usage, no such mount, or Kafka's jars are missing",
            "2:system error"
        })
public final class ShipCommand extends FileCommand {
    private static final int MIN_MEMORY = 1 << 20;
    private static final String TOPIC_NAME = "[A-Za-z0-9._-]{1,230}";
    private static final String HOST_NAME = "[A-Za-z0-9._-]{1,64}";

    @Parameters(
            arity = "0..*",
            hideParamSyntax = true,
            paramLabel = "[DIR] [NAME ...]",
            description = "The mount point; the channels. By default, all channels.")
    private List<String> words = List.of();

    @Option(
            names = {"-t", "--to"},
            required = true,
            paramLabel = "BOOTSTRAP",
            description = "Brokers to begin with: HOST:PORT,...")
    private String bootstrap;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "The topic; by default, relayfs.")
    private String topic = "relayfs";

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "The name of this host, which no other may have; by default, that of the kernel.")
    private String host;

    @Option(
            names = "--properties",
            paramLabel = "FILE",
            description = "A file with properties of Kafka's clients, such as passwords.")
    private Path properties;

    @Option(names = "-P", paramLabel = "KEY=VALUE", description = "A property of Kafka's clients that is no secret.")
    private Map<String, String> more = new LinkedHashMap<>();

    @Option(
            names = "--memory",
            converter = ByteSize.class,
            paramLabel = "SIZE",
            description = "What records on their way may take (K, M, G), besides the JVM; by default, 32M.")
    private long memory = 32 << 20;

    @Option(
            names = "--flush-interval",
            converter = TimeSpan.class,
            paramLabel = "TIME",
            description = "How long a record stays in an open sub-buffer at most; by default, 1 second.")
    private Duration flushInterval = Duration.ofSeconds(1);

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        check(topic.matches(TOPIC_NAME), "topic: " + topic + ", limit=1..230 letters, digits, ., _ and -");
        check(memory >= MIN_MEMORY, "--memory: " + memory + ", limit=" + MIN_MEMORY + " or more");
        String name = host == null ? ThisMachine.environment("").hostname() : host;
        check(name.matches(HOST_NAME), "host: " + name + ", limit=1..64 letters, digits, ., _ and -; see --host");
        Properties client = ClientProperties.of(properties, more);
        client.put("bootstrap.servers", bootstrap);
        ChannelArguments first = ChannelArguments.of(words.stream().limit(1).toList());
        List<String> names = new ArrayList<>();
        if (first.name() != null) {
            names.add(first.name());
        }
        words.stream().skip(1).forEach(names::add);
        Route route =
                new Route(first.mount(), names, client, topic, name, memory, Math.max(1, flushInterval.toMillis()));
        setUpLog();
        Shipper shipper = shipper(route);
        return StopSignal.run(stop -> {
            shipper.run(stop);
            return ExitCode.OK;
        });
    }

    private static Shipper shipper(Route route) throws ToolException {
        try {
            return new Shipper(route);
        } catch (NoClassDefFoundError e) {
            throw new ToolException(
                    ExitCode.USAGE,
                    "ship: Kafka's jars are missing (" + e.getMessage() + "): they lie in a folder kafka beside"
                            + " relayfs.jar, and the script relayfs finds them there; build or install them again");
        }
    }

    private static void check(boolean isRight, String otherwise) throws ToolException {
        if (!isRight) {
            throw new ToolException(ExitCode.USAGE, otherwise);
        }
    }

    /// Kafka's clients tell of each try to connect, and of all their settings.
    private static void setUpLog() {
        String property = "org.slf4j.simpleLogger.log.org.apache.kafka";
        if (System.getProperty(property) == null) {
            System.setProperty(property, "off");
        }
    }
}
