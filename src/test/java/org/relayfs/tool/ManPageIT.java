package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// `relayfs.5` says what files there are, with their modes, and what `control` takes.
@MountTest
final class ManPageIT {
    /// `subbuf_size 600`, from `Pa subbuf_size , n_subbufs Pq 0600`.
    private static List<String> files(ManPage page, String section) {
        List<String> files = new ArrayList<>();
        for (String item : page.items(section)) {
            String[] parts = item.replaceFirst("^Pa ", "").split(" Pq 0");
            for (String name : parts[0].split(" , ")) {
                files.add(name + " " + parts[1]);
            }
        }
        return files;
    }

    @Test
    void filesAndModesAreThoseOfAMount() throws Exception {
        ManPage page = ManPage.of("relayfs.5");
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", ChannelConfig.of(4096, 2));
            String list =
                    "cd \"$1\" && for file in *; do if [ -f \"$file\" ]; then stat -c '%n %a' \"$file\"; fi; done";
            assertThat(Client.shell(list, mount.path()).lines())
                    .containsExactlyInAnyOrderElementsOf(files(page, "Files of the root"));
            assertThat(Client.shell(list, mount.file("app"))
                            .lines()
                            .map(line -> line.replaceFirst("^cpu\\d+", "cpuN"))
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(files(page, "Files of a channel"));
        }
    }

    @Test
    void commandsKeysAndCountersAreThoseOfAMount() throws Exception {
        ManPage page = ManPage.of("relayfs.5");
        List<String> commands = page.lines("Commands of control");
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", ChannelConfig.of(4096, 2));
            String help = Client.shell("cat \"$1\"", mount.file("control"));
            assertThat(words(help, "(?m)^([a-z]+) NAME"))
                    .containsExactlyInAnyOrderElementsOf(words(String.join("\n", commands), "Cm ([a-z]+) Ar NAME")
                            .toList());
            assertThat(words(help, "([a-z_]+)=").distinct())
                    .containsExactlyElementsOf(words(String.join("\n", commands), "(?m)^\\.Cm ([a-z_]+)( ,)?$")
                            .filter(word -> !word.equals("cpu"))
                            .toList());
            String stats = String.join(" ", page.lines("Files of a channel"));
            assertThat(stats.replace(" .Cm ", " "))
                    .contains(Client.shell("head -1 \"$1\"", mount.file("app/stats"))
                            .strip());
        }
    }

    private static Stream<String> words(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().map(result -> result.group(1));
    }
}
