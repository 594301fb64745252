package org.relayfs.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// The file `metrics` of a mount, and what `docs/monitoring` makes of it.
@MountTest
@Timeout(120)
class MetricsIT {
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^([a-z_]+)\\{channel=\"([^\"]*)\",cpu=\"(\\d+)\"(?:,cause=\"([a-z_]+)\")?} (-?\\d+)$");
    private static final Pattern NAME = Pattern.compile("\\brelayfs_[a-z_]+");
    private static final Path DOCS = Path.of("docs/monitoring").toAbsolutePath();

    /// By metric, or metric and cause, then by channel and CPU.
    private static Map<String, Map<String, Long>> samples(String text) {
        Map<String, Map<String, Long>> all = new HashMap<>();
        Matcher sample = SAMPLE.matcher(text);
        while (sample.find()) {
            String cause = sample.group(4) == null ? "" : " " + sample.group(4);
            Long before = all.computeIfAbsent(sample.group(1) + cause, name -> new HashMap<>())
                    .put(sample.group(2) + " " + sample.group(3), Long.parseLong(sample.group(5)));
            assertThat(before).as("twice: " + sample.group()).isNull();
        }
        return all;
    }

    /// What column of `stats` a metric is.
    private static final Map<String, String> COLUMNS = Map.ofEntries(
            Map.entry("relayfs_records_total", "records"),
            Map.entry("relayfs_written_bytes_total", "bytes_written"),
            Map.entry("relayfs_read_bytes_total", "bytes_read"),
            Map.entry("relayfs_ready_bytes", "ready"),
            Map.entry("relayfs_subbuffers_produced_total", "produced"),
            Map.entry("relayfs_subbuffers_consumed_total", "consumed"),
            Map.entry("relayfs_lost_total full", "full"),
            Map.entry("relayfs_lost_total too_big", "big"),
            Map.entry("relayfs_lost_total straggler", "straggler"),
            Map.entry("relayfs_lost_total abandoned", "abandoned"),
            Map.entry("relayfs_refused_bytes_total", "lost_bytes"),
            Map.entry("relayfs_overwritten_bytes_total", "overwritten"),
            Map.entry("relayfs_subbuffers_skipped_total", "skipped"),
            Map.entry("relayfs_buffer_damaged", "damaged"));

    private static void load(TestMount mount) throws Exception {
        mount.sh("echo 'create full subbuf_size=4K n_subbufs=2' > control;"
                + " echo 'create dir/ring subbuf_size=4K n_subbufs=2 mode=overwrite global=1' > control;"
                + " for i in 1 2 3 4 5 6 7 8 9; do head -c 2000 /dev/zero > full/write || true;"
                + " head -c 2000 /dev/zero > dir/ring/write; done 2> /dev/null; cat dir/ring/cpu0 > /dev/null");
    }

    @Test
    void itSaysWhatStatsSays() throws Exception {
        try (TestMount mount = TestMount.open()) {
            load(mount);
            String text = mount.sh("cat metrics");
            Map<String, Map<String, Long>> metrics = samples(text);
            List<String> lines = mount.sh("cat stats").lines().toList();
            List<String> header = List.of(lines.getFirst().split(" "));
            Map<String, Long> room = metrics.remove("relayfs_buffer_bytes");
            assertThat(room.keySet())
                    .isEqualTo(metrics.get("relayfs_ready_bytes").keySet());
            assertThat(room.values()).containsOnly(8192L);
            assertThat(metrics.keySet()).isEqualTo(COLUMNS.keySet());
            assertThat(lines).hasSizeGreaterThan(2);
            for (String line : lines.subList(1, lines.size())) {
                List<String> values = List.of(line.split(" "));
                for (Map.Entry<String, String> column : COLUMNS.entrySet()) {
                    boolean switches = column.getValue().equals("full")
                            && values.getFirst().equals("dir/ring");
                    assertThat(metrics.get(column.getKey()))
                            .as(column.getKey())
                            .containsEntry(
                                    values.get(0) + " " + values.get(1),
                                    switches ? 0 : Long.parseLong(values.get(header.indexOf(column.getValue()))));
                }
            }
            assertThat(metrics.get("relayfs_lost_total full").values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isPositive();
            assertThat(metrics.get("relayfs_overwritten_bytes_total").get("dir/ring 0"))
                    .isPositive();
            assertThat(text)
                    .contains(
                            "relayfs_channel_enabled{channel=\"full\"} 1\n",
                            "relayfs_channel_overwrite{channel=\"full\"} 0\n",
                            "relayfs_channel_overwrite{channel=\"dir/ring\"} 1\n",
                            "# TYPE relayfs_ready_bytes gauge\n")
                    .containsPattern("relayfs_info\\{version=\"[^\"]+\",layout=\"\\d+\"} 1\n");
        }
    }

    /// A scraper opens it through a link, asks for its type and time, and reads to its end.
    @Test
    void itIsReadThroughALink() throws Exception {
        try (TestMount mount = TestMount.open()) {
            load(mount);
            Path folder = Files.createTempDirectory("relayfs-metrics");
            Path link = folder.resolve("relayfs.prom");
            try {
                Files.createSymbolicLink(link, Path.of(mount.file("metrics")));
                assertThat(Files.isRegularFile(link)).isTrue();
                assertThat(Files.getLastModifiedTime(link).toMillis()).isPositive();
                assertThat(Client.shell("stat -L -c %a $1; cat $1 | tail -n 1", link))
                        .startsWith("444\n")
                        .contains("relayfs_buffer_damaged{channel=\"full\"");
            } finally {
                Files.deleteIfExists(link);
                Files.deleteIfExists(folder);
            }
        }
    }

    /// Each metric that a rule or a panel asks for exists, and each that exists is documented.
    @Test
    void rulesDashboardAndPageNameWhatThereIs() throws Exception {
        try (TestMount mount = TestMount.open()) {
            load(mount);
            Set<String> there = Pattern.compile("(?m)^# TYPE (\\S+) ")
                    .matcher(mount.sh("cat metrics"))
                    .results()
                    .map(type -> type.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            JsonNode dashboard =
                    new ObjectMapper().readTree(DOCS.resolve("dashboard.json").toFile());
            assertThat(dashboard.get("panels")).isNotEmpty();
            assertThat(named(dashboard.toString())).isNotEmpty().isSubsetOf(there);
            JsonNode rules = new YAMLMapper()
                    .readTree(DOCS.resolve("alerts.yml").toFile())
                    .at("/groups/0/rules");
            assertThat(rules.valueStream()
                            .map(rule -> rule.at("/annotations/summary").asText()))
                    .isNotEmpty()
                    .doesNotContain("");
            for (JsonNode rule : rules) {
                assertThat(named(rule.get("expr").asText())).isNotEmpty().isSubsetOf(there);
            }
            Set<String> documented = Pattern.compile("(?m)^\\| `(relayfs_[a-z_]+)` \\|")
                    .matcher(Files.readString(DOCS.resolveSibling("monitoring.md")))
                    .results()
                    .map(row -> row.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(documented).isEqualTo(there);
        }
    }

    private static Set<String> named(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void promtoolAcceptsThem() throws Exception {
        Assumptions.assumeTrue(hasPromtool(), "there is no promtool (Debian: prometheus)");
        try (TestMount mount = TestMount.open()) {
            load(mount);
            mount.sh("promtool check metrics < metrics");
            Client.shell("promtool check rules $1", DOCS.resolve("alerts.yml"));
        }
    }

    private static boolean hasPromtool() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v promtool >/dev/null")
                        .start()
                        .waitFor()
                == 0;
    }
}
