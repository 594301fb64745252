package org.relayfs.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Client;
import org.relayfs.testing.Tool;

/// Each trigger in a program of its own, to which it really happens.
@Timeout(300)
final class SnapshotTriggersIT {
    @TempDir
    private Path temp;

    @Test
    void aSignalTakesOneAndTheHandlerIsGivenBack() throws Exception {
        try (Client program = start("signal")) {
            Path memory = memory(program);
            try {
                program.awaitReady();
                assertThat(taken(program, "USR2")).startsWith("taken 1 refused 0 failed 0");
                assertThat(taken(program, "VTALRM")).startsWith("taken 2 refused 0 failed 0");
                assertThat(taken(program, "USR2")).startsWith("taken 2 refused 1 failed 0");
                assertThat(program.awaitLine("threads")).isEqualTo("threads 0");
                // Closed: the signal ends the process again.
                assertThat(program.signal("VTALRM").awaitEnd()).isEqualTo(128 + 26);
                assertThat(snapshots()).hasSize(2);
                assertThat(snapshots().getFirst().toString()).endsWith("-1-USR2");
                assertThat(snapshots().getLast().toString()).endsWith("-2-VTALRM");
                for (Path snapshot : snapshots()) {
                    assertThat(report(snapshot)).contains("step");
                }
            } finally {
                remove(memory);
            }
        }
    }

    @Test
    void anUncaughtExceptionTakesOneBeforeTheEarlierHandler() throws Exception {
        try (Client program = start("exception")) {
            Path memory = memory(program);
            try {
                assertThat(program.awaitLine("earlier")).isEqualTo("earlier handler: main taken 0");
                assertThat(program.awaitEnd()).isEqualTo(7);
                assertTaken("exception");
            } finally {
                remove(memory);
            }
        }
    }

    @Test
    void withoutAnEarlierHandlerTheExceptionIsPrinted() throws Exception {
        try (Client program = start("silent")) {
            Path memory = memory(program);
            try {
                assertThat(program.awaitEnd()).isEqualTo(1);
                assertThat(program.errors())
                        .contains("Exception in thread \"main\" java.lang.IllegalStateException: taken 0")
                        .contains("at org.relayfs.trigger.TriggerProgram.fail(");
                assertTaken("exception");
            } finally {
                remove(memory);
            }
        }
    }

    @Test
    void withTheHeapFullOneIsTaken() throws Exception {
        try (Client program = start("memory", "-Xmx32m")) {
            Path memory = memory(program);
            try {
                assertThat(program.awaitEnd()).isEqualTo(1);
                assertThat(program.errors()).contains("not for want of memory");
                assertTaken("memory");
            } finally {
                remove(memory);
            }
        }
    }

    @Test
    void eventsOfATypeOrALevelTakeOne() throws Exception {
        for (String event : List.of("c", "e")) {
            try (Client program = start("events")) {
                Path memory = memory(program);
                try {
                    program.awaitReady();
                    int before = snapshots().size();
                    send(program, "f?");
                    assertThat(program.awaitLine("taken")).isEqualTo("taken 0 refused false");
                    awaitAnswer(program, event, "taken 1 refused false");
                    // Soon after: the limit of the rate.
                    awaitAnswer(program, event, "taken 1 refused true");
                    program.input().close();
                    program.awaitSuccess();
                    assertThat(snapshots()).hasSize(before + 1);
                    Path last = snapshots().getLast();
                    assertThat(last.toString()).endsWith("-event");
                    assertThat(report(last)).contains("fine").contains(event.equals("c") ? "chosen" : "failed");
                } finally {
                    remove(memory);
                }
            }
        }
    }

    private static String taken(Client program, String signal) throws Exception {
        send(program.signal(signal), "s");
        return program.awaitLine("taken");
    }

    private static void awaitAnswer(Client program, String event, String expected) throws Exception {
        send(program, event);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    send(program, "?");
                    return program.awaitLine("taken").equals(expected);
                });
    }

    private Client start(String what, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--", what, temp.resolve("snapshots").toString()));
        return Client.startJava(TriggerProgram.class, arguments.toArray(String[]::new));
    }

    private static Path memory(Client program) throws Exception {
        return Path.of(program.awaitLine("folder ").substring("folder ".length()));
    }

    private static void remove(Path memory) throws Exception {
        Client.shell("rm -rf \"$1\"", memory);
    }

    private static void send(Client program, String text) throws IOException {
        program.input().write(text.getBytes(StandardCharsets.US_ASCII));
        program.input().flush();
    }

    private List<Path> snapshots() throws IOException {
        Path folder = temp.resolve("snapshots");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private void assertTaken(String cause) throws Exception {
        assertThat(snapshots()).hasSize(1);
        assertThat(snapshots().getFirst().toString()).endsWith("-1-" + cause);
        assertThat(report(snapshots().getFirst())).contains("step").contains("number");
    }

    private static String report(Path snapshot) throws Exception {
        return Tool.run("report", snapshot);
    }
}
