package org.relayfs.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.EventLog;
import org.relayfs.RelayChannel;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.testing.TraceProcessor;

/// `relayfs export` of a channel into which threads have logged, read by Perfetto's own trace processor.
@MountTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class LiveExportIT {
    private static final int ROUNDS = 5_000;

    @TempDir
    private Path folder;

    private static EventType type(String name, String field) {
        return EventType.named(name).field(field, FieldKind.I64).build();
    }

    @Test
    void whatThreadsHaveLoggedIsThereAndStaysWithObserve() throws Exception {
        TraceProcessor processor = TraceProcessor.fetch();
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel =
                    mount.relay().open("app", ChannelConfig.of(65_536, 32).withEvents(true));
            EventLog begin = channel.events().register(type("work.begin", "number"));
            EventLog end = channel.events().register(type("work.end", "result"));
            EventLog wait = channel.events().register(type("wait", "duration"));
            EventLog length = channel.events().register(type("length", "value"));
            Runnable work = () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    begin.log(i);
                    wait.log(i % 7);
                    length.log(i);
                    end.log(i);
                }
            };
            Thread first = Thread.ofPlatform().name("first").start(work);
            Thread second = Thread.ofPlatform().name("second").start(work);
            first.join();
            second.join();
            Path observed = folder.resolve("observed");
            assertThat(Tool.run("export", "--observe", "--perfetto", observed, mount.path(), "app"))
                    .isEmpty();
            Path taken = folder.resolve("taken");
            Client.shell("\"$1\" export --perfetto - \"$2\" app > \"$3\"", Tool.LAUNCHER, mount.path(), taken);
            assertThat(taken).hasSameBinaryContentAs(observed);
            assertThat(Tool.run("report", "--count", mount.path(), "app")).doesNotContain("work");
            assertThat(
                            processor.ask(
                                    taken,
                                    "select thread.name, slice.name, count(), sum(slice.dur) filter (where slice.name = 'wait'), "
                                            + "sum(extract_arg(slice.arg_set_id, 'debug.result')), min(slice.dur) >= 0 from slice "
                                            + "join thread_track on thread_track.id = track_id join thread using (utid) "
                                            + "group by 1, 2 order by 1, 2",
                                    "select name, count(), sum(value) from counter join counter_track on counter_track.id = track_id"))
                    .containsExactly(
                            "errors|0",
                            "first|wait|5000|14995||1",
                            "first|work|5000||12497500|1",
                            "second|wait|5000|14995||1",
                            "second|work|5000||12497500|1",
                            "length|10000|24995000");
        }
    }
}
