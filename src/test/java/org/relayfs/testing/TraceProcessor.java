package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Perfetto's trace processor, which answers questions in SQL about a trace: the one that ui.perfetto.dev is made of.
public final class TraceProcessor {
    private static final Path NODE = Path.of("src/test/node").toAbsolutePath();
    private static final int SKIPPED = 77;

    /// Some of what it counts for information only are errors, too.
    private static final String ERRORS = """
            select 'errors', count() from stats where value > 0 and (severity in ('error', 'data_loss')
            or name glob '*error*' or name glob '*skipped*' or name glob '*invalid*' or name glob '*failure*'
            or name glob '*misplaced*')""";

    private final String folder;

    private TraceProcessor(String folder) {
        this.folder = folder;
    }

    /// Fetches it, or has the test skipped where it cannot be had.
    public static TraceProcessor fetch() throws Exception {
        try (Client client = Client.start(NODE.resolve("fetch-trace-processor").toString())) {
            int code = client.awaitEnd(120);
            assumeTrue(code != SKIPPED, () -> "the trace processor: " + client.output());
            assertThat(code).as(client::toString).isZero();
            return new TraceProcessor(client.output().strip());
        }
    }

    /// Asks about a trace.
    ///
    /// @return the rows of all answers, with `|` between values, after a row that counts errors and losses
    public List<String> ask(Path trace, String... queries) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("node", NODE.resolve("trace-processor.mjs").toString(), folder, trace.toString()));
        command.add(ERRORS);
        command.addAll(List.of(queries));
        try (Client client = Client.start(command)) {
            client.awaitSuccess();
            return new String(client.outputBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
