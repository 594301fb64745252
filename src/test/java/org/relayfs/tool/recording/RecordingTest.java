package org.relayfs.tool.recording;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.TimeSpan;

@Timeout(60)
final class RecordingTest {
    @TempDir
    private Path temp;

    private Path output;
    private FakeChannel fake;

    @BeforeEach
    void setUp() throws Exception {
        output = temp.resolve("out");
        fake = new FakeChannel(Files.createDirectory(temp.resolve("app")));
    }

    private Recording recording(String mode) throws Exception {
        return new Recording(
                fake.channel(mode),
                new RecordedFiles(output, Long.MAX_VALUE, Integer.MAX_VALUE, false),
                false,
                TimeSpan.LONGEST);
    }

    private static CompletableFuture<Integer> run(Recording recording) {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try (ProgressLine progress = new ProgressLine()) {
                code.complete(StopSignal.run(stop -> {
                    recording.run(stop, progress);
                    return recording.exitCode();
                }));
            } catch (Exception e) {
                code.completeExceptionally(e);
            }
        });
        return code;
    }

    private void awaitRecorded(String file, String content) {
        await().atMost(20, TimeUnit.SECONDS)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(output.resolve(file)).hasContent(content));
    }

    @Test
    void buffersOfCpusThatComeLaterAreJoinedIn() throws Exception {
        OutputStream first = fake.addBuffer(0);
        CompletableFuture<Integer> code = run(recording("no-overwrite"));
        first.write("early".getBytes(US_ASCII));
        awaitRecorded("cpu0", "early");

        OutputStream late = fake.addBuffer(7);
        late.write("late".getBytes(US_ASCII));
        awaitRecorded("cpu7", "late");

        first.write(" and more".getBytes(US_ASCII));
        first.close();
        late.close();
        assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        assertThat(output.resolve("cpu0")).hasContent("early and more");
    }

    @Test
    void whatWasLostBeforeAndWhatAResetTakesAwayIsNotCounted() throws Exception {
        fake.setStats("0 10 5 7 0 0 700 0 0\n");
        OutputStream buffer = fake.addBuffer(0);
        Recording recording = recording("no-overwrite");
        CompletableFuture<Integer> code = run(recording);
        awaitLoss(recording, 0);

        fake.setStats("0 11 5 9 0 1 900 0 0\n");
        awaitLoss(recording, 3);
        // A reset: all starts from 0.
        fake.setStats("0 2 1 4 0 0 400 0 0\n");
        awaitLoss(recording, 7);
        // Destroyed: nobody knows any more than what was known.
        fake.setStats("");
        buffer.close();

        assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.LOST);
        assertThat(recording.summary()).contains("lost: 7 records (full 6, straggler 1), 600 bytes");
    }

    @Test
    void whatABufferThatComesLaterHasLostIsCounted() throws Exception {
        fake.setStats("0 10 5 7 0 0 700 0 0\n");
        OutputStream first = fake.addBuffer(0);
        Recording recording = recording("no-overwrite");
        CompletableFuture<Integer> code = run(recording);
        awaitLoss(recording, 0);

        fake.setStats("0 10 5 7 0 0 700 0 0\n7 4 0 5 0 0 50 0 0\n");
        awaitLoss(recording, 5);
        first.close();
        assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.LOST);
    }

    @Test
    void subBuffersAreCountedAcrossAResetAndTheLargestBacklogIsKept() throws Exception {
        OutputStream buffer = fake.addBuffer(0);
        fake.setPositions(0, 4, 3);
        Recording recording = recording("no-overwrite");
        CompletableFuture<Integer> code = run(recording);
        buffer.write('a');
        awaitRecorded("cpu0", "a");
        fake.setPositions(0, 12, 9); // 6 more, and 3 wait
        buffer.write('b');
        awaitRecorded("cpu0", "ab");
        fake.setPositions(0, 3, 2); // a reset, then 2 more
        buffer.write('c');
        awaitRecorded("cpu0", "abc");
        buffer.close();

        assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        assertThat(recording.summary().get(1)).matches("cpu0 +8 +3 +3 of 4");
    }

    private static void awaitLoss(Recording recording, long records) {
        await().atMost(20, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> recording.loss().orElseThrow().records() == records);
    }

    @Test
    void nothingIsReadBeforeItCanBeWritten() throws Exception {
        try (OutputStream buffer = fake.addBuffer(0)) {
            buffer.write("kept".getBytes(US_ASCII));
            Files.createDirectory(output);
            Files.writeString(output.resolve("cpu9"), "earlier");
            CompletableFuture<Integer> code = run(recording("no-overwrite"));
            assertThat(code)
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withMessageContaining("cpu9 exists already");
            assertThat(output.resolve("cpu0")).doesNotExist();
        }
    }
}
